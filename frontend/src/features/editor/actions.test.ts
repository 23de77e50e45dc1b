import { expect, test } from 'vitest'
import { graphOf, node } from '@/test/graphOf'
import { aStep } from '@/test/steps'
import { fedBelow } from './actions'
import { insert } from './model/graph'
import { belowOf, rows } from './model/rows'

const graph = graphOf('fetch>sort')
const steps = new Map(
  [aStep({ slug: 'fetch', takes: 'nothing' }), aStep({ slug: 'sort' })].map(step => [step.slug, step]),
)
const start = { after: null }

test('a second source stands beside the first: what takes nothing is fed by nothing', () => {
  const below = fedBelow(graph, steps, start, belowOf(rows(graph), start))
  expect(below).toBeUndefined()
  expect(insert(graph, node('other'), start, below).edges).toEqual(graph.edges)
})

test('at the start of a chain that takes data it feeds the first step', () => {
  const chain = graphOf('sort>fetch')
  expect(fedBelow(chain, steps, start, belowOf(rows(chain), start))).toBe('sort')
})

test('in a pipe it goes on to what the pipe led to, whatever that takes', () => {
  expect(fedBelow(graphOf('sort>fetch'), steps, { after: 'sort' }, 'fetch')).toBe('fetch')
})
