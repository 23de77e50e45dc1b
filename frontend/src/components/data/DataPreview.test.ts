import { describe, expect, it } from 'vitest'
import type { Preview } from '@/api/types'
import { rowsShown, viewsOf } from './DataPreview'

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

describe('rowsShown', () => {
  const table = (rows: number, columns: number, total: number | null = rows) =>
    rowsShown({
      rows: Array(rows).fill([]),
      columns: Array(columns).fill(''),
      total_rows: total,
      complete: true,
    } as unknown as Preview)

  it('says how many rows there are, and of wide tables how many columns', () => {
    expect(table(1, 2)).toBe('1 row')
    expect(table(30, 40)).toBe('30 rows, 40 columns')
    expect(table(200, 8, 2340)).toBe('The first 200 of 2,340 rows, 8 columns')
  })
})
