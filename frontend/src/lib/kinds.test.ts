import { expect, test } from 'vitest'
import { fits } from './kinds'

test.each([
  ['csv', 'csv', true],
  ['csv', 'lines', true],
  ['lines', 'csv', false],
  ['image', 'text', false],
  ['image', 'any', true],
  ['any', 'csv', true],
  ['nothing', 'text', false],
  ['text', 'nothing', false],
])('%s into a step that takes %s: %s', (gives, takes, answer) => {
  expect(fits(gives, takes)).toBe(answer)
})
