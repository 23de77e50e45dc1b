import { describe, expect, it } from 'vitest'
import { inputKind, misfit } from './kinds'

const given = (sample: string) => ({ kind: 'text' as const, title: '', sample })

describe('inputKind', () => {
  it('knows a table that was pasted as text', () => {
    expect(inputKind(given('order,city\n1,Berlin\n2,Lima\n'))).toBe('csv')
    expect(inputKind(given('order\tcity\n1\tBerlin\n'))).toBe('csv')
  })

  it('takes any other text for lines', () => {
    expect(inputKind(given(''))).toBe('lines')
    expect(inputKind(given('Well, well\nThat is all\n'))).toBe('lines')
    expect(inputKind(given('only,a,head'))).toBe('lines')
  })
})

describe('misfit', () => {
  it('says in a whole sentence why a step has no use for what arrives', () => {
    const step = { title: 'Keep rows', takes: 'csv' as const }
    expect(misfit('csv', step)).toBeNull()
    expect(misfit('lines', step)).toBe('takes a table, but lines arrive here')
    expect(misfit('image', step)).toBe('takes a table, but a picture arrives here')
  })
})
