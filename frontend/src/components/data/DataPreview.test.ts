import { describe, expect, it } from 'vitest'
import type { Preview } from '@/api/types'
import { viewsOf } from './DataPreview'

const look = (kind: Preview['kind']) => viewsOf({ kind } as Preview)

describe('viewsOf', () => {
  it('shows the best way to look first', () => {
    expect(look('table')).toEqual(['table', 'text'])
    expect(look('json')).toEqual(['json', 'text'])
    expect(look('picture')).toEqual(['picture'])
  })

  it('shows what it does not know as text', () => {
    expect(look('html')).toEqual(['text'])
    expect(look('binary')).toEqual(['text'])
  })
})
