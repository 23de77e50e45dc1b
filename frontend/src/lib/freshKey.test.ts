import { expect, test } from 'vitest'
import { freshKey } from './freshKey'

test('no two keys are the same', () => {
  const keys = new Set(Array.from({ length: 1000 }, freshKey))
  expect(keys.size).toBe(1000)
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/)
})
