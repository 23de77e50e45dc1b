import { expect, test } from 'vitest'
import type { Preview } from '@/api/types'
import { contents } from './contents'

const seen = (kind: Preview['kind'], total: number | null = null) => ({ kind, total_rows: total }) as Preview

test('what was seen counts, whatever the step says it gives', () => {
  expect(contents(seen('table', 2340), 'any')).toBe('Table · 2,340 rows')
  expect(contents(seen('text'), 'csv')).toBe('Text')
  expect(contents(seen('picture'), 'any')).toBe('Picture')
})

test('before anybody has looked, it is what the step says', () => {
  expect(contents(undefined, 'csv')).toBe('Table')
})
