import { expect, test } from 'vitest'
import type { Preview } from '@/api/types'
import { contents, shortContents } from './contents'

const seen = (kind: Preview['kind'], total: number | null = null) => ({ kind, total_rows: total }) as Preview

test('what was seen counts, whatever the step says it gives', () => {
  expect(contents(seen('table', 2340), 'any')).toBe('Table · 2,340 rows')
  expect(contents(seen('text'), 'csv')).toBe('Text')
  expect(contents(seen('picture'), 'any')).toBe('Picture')
})

test('before anybody has looked, it is what the step says', () => {
  expect(contents(undefined, 'csv')).toBe('Table')
})

test('lines are counted where all of them were seen', () => {
  const text = { ...seen('text'), text: 'plum\nlemon\n', complete: true, truncated: false }
  expect(contents(text, 'lines')).toBe('2 lines')
  expect(contents({ ...text, text: 'plum' }, 'lines')).toBe('1 line')
  expect(contents({ ...text, truncated: true }, 'lines')).toBe('Lines')
  expect(contents(text, 'text')).toBe('Text')
})

test('what was seen of the beginning of a stream is not taken for all of it', () => {
  const part = { ...seen('table', 200), is_sample: true }
  expect(contents(part, 'csv')).toBe('Table')
  expect(shortContents(part, 'csv', 1_700_000)).toBe('Table 1.7\u00a0MB')
})

test('where there is little room, a count is enough, and a size says something of all else', () => {
  expect(shortContents(seen('table', 2340), 'any', 9)).toBe('2,340 rows')
  expect(shortContents(seen('picture'), 'image', 12_000)).toBe('Picture 12\u00a0KB')
  expect(shortContents(seen('empty'), 'csv', 0)).toBe('Empty')
  expect(shortContents(undefined, 'any', 72)).toBe('72\u00a0B')
})
