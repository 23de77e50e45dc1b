import { expect, test } from 'vitest'
import { says } from './says'

const step = {
  says: 'where **{column}** {test} **{value}**',
  summary: 'Keeps rows.',
  params: {
    type: 'object',
    properties: {
      column: { type: 'string' },
      test: {
        type: 'string',
        default: 'is',
        oneOf: [
          { const: 'is', title: 'is' },
          { const: 'empty', title: 'is empty' },
        ],
      },
      value: { type: 'string', 'x-show': { test: ['is'] } },
    },
  },
}
const told = (params: Record<string, unknown>) =>
  says(step, params)
    .map(piece => (piece.strong ? `*${piece.text}*` : piece.text))
    .join('')
    .trim()

test('settings stand in the sentence, choices by their titles', () => {
  expect(told({ column: 'city', test: 'is', value: 'Berlin' })).toBe('where *city* is *Berlin*')
})

test('what is hidden or missing leaves nothing behind', () => {
  expect(told({ column: 'city', test: 'empty', value: 'Berlin' })).toBe('where *city* is empty')
  expect(told({ value: 'Berlin' })).toBe('where is *Berlin*')
})

test('a list is joined by commas', () => {
  expect(
    says({ says: 'keep {names}', summary: '', params: { properties: { names: {} } } }, { names: ['a', 'b'] }),
  ).toEqual([{ text: 'keep a, b', strong: false }])
})

test('a step without such a sentence says its summary', () => {
  expect(says({ says: '', summary: 'Keeps rows.', params: {} }, {})).toEqual([
    { text: 'Keeps rows.', strong: false },
  ])
})
