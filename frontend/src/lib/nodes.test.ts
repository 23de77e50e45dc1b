import { expect, test } from 'vitest'
import { graphOf } from '@/test/graphOf'
import { aStep } from '@/test/steps'
import { freshNodeId, placed, titleOf } from './nodes'

const sort = aStep({
  slug: 'sort-lines',
  title: 'Sort lines',
  params: {
    type: 'object',
    properties: { order: { type: 'string', default: 'up' }, by: { type: 'string' } },
  },
})

test('a node is called as it was named, else as its step, else by what is known of it', () => {
  const steps = new Map([[sort.slug, sort]])
  expect(titleOf({ step: 'sort-lines', title: 'By name' }, steps)).toBe('By name')
  expect(titleOf({ step: 'sort-lines' }, steps)).toBe('Sort lines')
  expect(titleOf({ step: 'gone' }, steps)).toBe('gone')
})

test('a new node has a name that nobody has, also when the library names its steps otherwise', () => {
  expect(freshNodeId(graphOf('a>b'), 'c')).toBe('c')
  expect(freshNodeId(graphOf('a>b a-2>b'), 'a')).toBe('a-3')
  expect(freshNodeId(graphOf(''), `ü/${'x'.repeat(100)}`)).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
})

test('a placed step starts with its own settings', () => {
  expect(placed(sort, 'one')).toMatchObject({ id: 'one', step: 'sort-lines', params: { order: 'up' } })
})
