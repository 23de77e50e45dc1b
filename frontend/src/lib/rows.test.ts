import { describe, expect, test } from 'vitest'
import type { Graph, GraphEdge } from '@/api/types'
import { graphOf } from '@/test/graphOf'
import { rows } from './rows'

/** The graph with something said of some of its pipes, by their place. */
function said(text: string, about: Record<number, Partial<GraphEdge>>): Graph {
  const graph = graphOf(text)
  return { ...graph, edges: graph.edges.map((edge, at) => ({ ...edge, ...about[at] })) }
}
const IF = { rule: { all: [{ field: 'x', test: 'is' as const, value: '1' }] } }
const drawn = (graph: Graph) =>
  rows(graph).map(
    row => `${' '.repeat(row.depth)}${row.section ? '§' : ''}${row.node.id}${row.loose ? '.' : ''}`,
  )

describe('sections', () => {
  test('a chain has none', () => {
    expect(drawn(graphOf('a>b b>c'))).toEqual(['a', 'b', 'c'])
  })

  test('every way by a rule has a heading and stands further in, until they meet again', () => {
    const graph = said('a>b a>c b>d c>d', { 0: IF, 1: { rule: { else: true } } })
    expect(drawn(graph)).toEqual(['a', ' §b', ' §c', '§d'])
  })

  test('a condition on a single way is a heading too', () => {
    expect(drawn(said('a>b b>c', { 1: { when: 'failure' } }))).toEqual(['a', 'b', ' §c'])
  })

  test('“otherwise” comes after the rules, and what follows a failure last', () => {
    const graph = said('a>x a>y a>z', { 0: { when: 'failure' }, 1: { rule: { else: true } }, 2: IF })
    expect(drawn(graph)).toEqual(['a', ' §z.', ' §y.', ' §x'])
  })

  test('a second beginning says so', () => {
    expect(drawn(graphOf('a>b c>d'))).toEqual(['a', 'b.', '§c', 'd'])
  })
})
