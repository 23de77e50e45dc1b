import { describe, expect, test } from 'vitest'
import { ago, bytes, duration, firstSentence, memory, plural, spell } from './format'

test.each([
  [0, '0\u00a0B'],
  [310, '310\u00a0B'],
  [1500, '1.5\u00a0KB'],
  [21_400, '21\u00a0KB'],
  [118_000_000, '118\u00a0MB'],
  [4_294_967_296, '4.3\u00a0GB'],
])('%d bytes are %s', (count, text) => {
  expect(bytes(count)).toBe(text)
})

test.each([
  ['256m', '256\u00a0MB'],
  ['1g', '1\u00a0GB'],
  ['a lot', 'a lot'],
])('a limit of %s is %s', (limit, text) => {
  expect(memory(limit)).toBe(text)
})

test.each([
  [0.01, '< 0.1 s'],
  [0.42, '0.4 s'],
  [12.9, '12 s'],
  [185, '3 min 5 s'],
  [7800, '2 h 10 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text)
})

test.each([
  [1, '1 second'],
  [45, '45 seconds'],
  [90, '1 minute 30 seconds'],
  [300, '5 minutes'],
  [5400, '1 hour 30 minutes'],
  [172_800, '2 days'],
])('a limit of %d seconds is %s', (seconds, text) => {
  expect(spell(seconds)).toBe(text)
})

test.each([
  ['No column “a”. There are b, c.', ['No column “a”.', 'There are b, c.']],
  ['It took 1.5 s, e.g. for ever', ['It took 1.5 s, e.g. for ever', '']],
  ['Is it “there.” Then look.', ['Is it “there.”', 'Then look.']],
  ['One.', ['One.', '']],
])('the first sentence of “%s”', (text, parts) => {
  expect(firstSentence(text)).toEqual(parts)
})

test('one is singular, thousands have a comma', () => {
  expect(plural(1, 'row')).toBe('1 row')
  expect(plural(2340, 'row')).toBe('2,340 rows')
})

describe('ago', () => {
  const now = Date.parse('2026-03-10T12:00:00Z')
  test.each([
    ['2026-03-10T11:59:50Z', 'just now'],
    ['2026-03-10T12:00:30Z', 'just now'],
    ['2026-03-10T11:58:00Z', '2 minutes ago'],
    ['2026-03-10T11:00:00Z', '1 hour ago'],
    ['2026-03-09T11:00:00Z', 'yesterday'],
    ['2026-03-07T12:00:00Z', '3 days ago'],
    ['2026-01-24T12:00:00Z', '24 Jan'],
  ])('%s is %s', (at, text) => {
    expect(ago(at, now)).toBe(text)
  })
})
