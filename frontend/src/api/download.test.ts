import { describe, expect, it } from 'vitest'
import { fileName } from './download'

describe('fileName', () => {
  it('is the one that the server gives', () => {
    expect(fileName('attachment; filename="Sales report.yaml"')).toBe('Sales report.yaml')
    expect(fileName("attachment; filename*=utf-8''Umsatz%20M%C3%A4rz.yaml")).toBe('Umsatz März.yaml')
    expect(fileName(null)).toBe('workflow')
  })
})
