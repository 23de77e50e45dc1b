import { expect, test } from 'vitest'
import { aStep } from '@/test/steps'
import { fittingSteps } from './fitting'

const made = (takes: string, gives: string, ...slugs: string[]) =>
  slugs.map(slug => aStep({ slug, takes, gives }))
const library = [
  ...made('any', 'text', 'fill'),
  ...made('csv', 'csv', 'choose'),
  ...made('csv', 'json', 'to-json'),
  ...made('csv', 'image', 'chart'),
  ...made('csv', 'csv', 'group', 'keep'),
  ...made('text', 'text', 'case'),
  ...made('nothing', 'lines', 'words'),
]
const behind = (kind: string, before: string | null, steps = library) =>
  fittingSteps(steps, kind, before).map(step => step.slug)

test('all that is made for a table is offered: first what leaves it a table, JSON last', () => {
  expect(behind('csv', null)).toEqual(['choose', 'group', 'keep', 'chart', 'to-json'])
})

test('the same step again is never offered first', () => {
  expect(behind('csv', 'choose')).toEqual(['group', 'keep', 'chart', 'to-json', 'choose'])
  expect(behind('text', 'case')).toEqual(['fill', 'case'])
})

test('a few others join where few are made for the data, those for anything last', () => {
  expect(behind('text', null)).toEqual(['case', 'fill'])
  expect(behind('lines', null)).toEqual(['case', 'fill'])
})

test('of many, some are offered', () => {
  const many = made('csv', 'csv', ...'abcdefghij')
  expect(behind('csv', null, [...library, ...many])).toHaveLength(6)
})

test('nothing is said to fit what nobody knows', () => {
  expect(behind('any', null)).toEqual([])
  expect(behind('nothing', null)).toEqual([])
})
