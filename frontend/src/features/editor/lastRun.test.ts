import { expect, test } from 'vitest'
import type { Graph } from '@/api/types'
import { graphOf } from '@/test/graphOf'
import { staleNodes } from './lastRun'

const then = graphOf('a>b b>c')
const withParams = (graph: Graph, id: string, params: Record<string, unknown>): Graph => ({
  ...graph,
  nodes: graph.nodes.map(node => (node.id === id ? { ...node, params } : node)),
})

test('an unchanged graph is as the last run showed it', () => {
  expect([...staleNodes(graphOf('a>b b>c'), then)]).toEqual([])
})

test('a changed setting makes the step and all that read from it stale', () => {
  expect([...staleNodes(withParams(then, 'b', { x: 1 }), then)].sort()).toEqual(['b', 'c'])
})

test('the order of settings does not matter', () => {
  const now = withParams(then, 'a', { x: 1, y: 2 })
  expect([...staleNodes(now, withParams(then, 'a', { y: 2, x: 1 }))]).toEqual([])
})

test('another source makes a step stale, too', () => {
  expect([...staleNodes(graphOf('a>b a>c'), then)]).toEqual(['c'])
})
