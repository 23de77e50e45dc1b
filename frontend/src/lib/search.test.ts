import { expect, test } from 'vitest'
import { aStep } from '@/test/steps'
import { byCategory, searchSteps } from './search'

const steps = [
  aStep({
    slug: 'keep-rows',
    title: 'Keep rows that match',
    category: 'tables',
    tags: ['filter', 'only', 'where'],
  }),
  aStep({
    slug: 'draw-chart',
    title: 'Draw a chart',
    category: 'pictures',
    tags: ['graph', 'bar', 'line', 'pie'],
  }),
  aStep({ slug: 'sort-lines', title: 'Sort lines', category: 'text', tags: ['order'] }),
]
const find = (query: string) => searchSteps(steps, query).map(step => step.slug)

test('a step is found by the words people use for it', () => {
  expect(find('make a bar graph')).toEqual(['draw-chart'])
  expect(find('graphs')).toEqual(['draw-chart'])
  expect(find('sorting')).toEqual(['sort-lines'])
})

test('“only” asks for a filter, and “orders” are things that no step puts in order', () => {
  expect(find('only paid orders')).toEqual(['keep-rows', 'sort-lines'])
  expect(find('order')).toEqual(['sort-lines'])
})

test('the best comes first: what its title says weighs most', () => {
  expect(find('lines')[0]).toBe('sort-lines')
})

test('nothing that fits is nothing', () => {
  expect(find('zebra')).toEqual([])
})

test('no words is everything', () => {
  expect(find('  ')).toHaveLength(3)
})

test('categories come in the order of the library, without empty ones', () => {
  expect(byCategory(steps).map(group => group.category)).toEqual(['tables', 'text', 'pictures'])
})
