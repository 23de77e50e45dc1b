import { expect, test } from 'vitest'
import { wordsWidth } from './MapPipe'

test('words on a pipe leave the boxes at its ends free, and can still be read on a short one', () => {
  expect(wordsWidth(600)).toBe(184)
  expect(wordsWidth(150)).toBe(126)
  expect(wordsWidth(40)).toBe(72)
})
