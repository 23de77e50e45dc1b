import { describe, expect, test } from 'vitest'
import type { Graph, GraphEdge } from '@/api/types'
import { graphOf, node } from '@/test/graphOf'
import { insert, remove } from './graph'
import { cannotConnect, changePipe, connect, disconnect, reorder, withJoin } from './pipes'

const total = { field: 'total', test: 'greater', value: 1000 } as const
const city = { field: 'city', test: 'is', value: 'Berlin' } as const

/** a leads to b by a rule, else to c; all that can be said of a pipe is said of one. */
const BRANCH: Graph = {
  nodes: ['a', 'b', 'c', 'd'].map(node),
  edges: [
    { id: 'if', source: 'a', target: 'b', output: 'rest', rule: { all: [total] } },
    { id: 'else', source: 'a', target: 'c', rule: { else: true } },
    { id: 'bd', source: 'b', target: 'd', input: 'left', order: 2, when: 'always', mode: 'stream' },
    { id: 'cd', source: 'c', target: 'd', order: 1 },
  ],
}
const pipe = (graph: Graph, id: string) => graph.edges.find(edge => edge.id === id)

describe('leading on', () => {
  test('a pipe is laid from one step to another', () => {
    const graph = connect(graphOf('a>b c'), 'b', 'c')
    expect(graph.edges.at(-1)).toEqual({ id: 'e2', source: 'b', target: 'c' })
  })

  test('as one of several it is read last', () => {
    const graph = connect({ ...BRANCH, nodes: [...BRANCH.nodes, node('e')] }, 'e', 'd')
    expect(graph.edges.at(-1)).toMatchObject({ source: 'e', target: 'd', order: 2 })
  })

  test('never to itself, twice, or in a circle', () => {
    const graph = graphOf('a>b b>c')
    expect(cannotConnect(graph, 'a', 'a')).toMatch(/its own output/)
    expect(cannotConnect(graph, 'a', 'b')).toMatch(/already/)
    expect(cannotConnect(graph, 'c', 'a')).toMatch(/circle/)
    expect(cannotConnect(graph, 'a', 'c')).toBeNull()
    expect(connect(graph, 'c', 'a')).toBe(graph)
  })

  test('a pipe goes, and the others stay the very same', () => {
    const graph = disconnect(BRANCH, 'if')
    expect(graph.edges.map(edge => edge.id)).toEqual(['else', 'bd', 'cd'])
    expect(graph.edges[0]).toBe(BRANCH.edges[1])
    expect(disconnect(graph, 'if')).toBe(graph)
  })
})

describe('what is said of a pipe', () => {
  test('what goes without saying is left out', () => {
    const loud = changePipe(graphOf('a>b'), '0', { when: 'failure', mode: 'stream', rule: { else: true } })
    expect(loud.edges[0]).toMatchObject({ when: 'failure', mode: 'stream', rule: { else: true } })
    const quiet = changePipe(loud, '0', { when: 'success', mode: 'keep', rule: undefined, output: 'stdout' })
    expect(quiet.edges[0]).toEqual({ id: '0', source: 'a', target: 'b' })
  })

  test('pipes change places in the order in which they are read', () => {
    const graph = graphOf('a>d b>d c>d')
    const read = (changed: Graph) =>
      [...changed.edges].sort((x, y) => (x.order ?? 0) - (y.order ?? 0)).map(edge => edge.source)
    expect(read(reorder(graph, '2', 'up'))).toEqual(['a', 'c', 'b'])
    expect(read(reorder(reorder(graph, '2', 'up'), '2', 'up'))).toEqual(['c', 'a', 'b'])
    expect(reorder(graph, '0', 'up')).toBe(graph)
  })

  test('waiting for all is what goes without saying', () => {
    const any = withJoin(node('d'), 'any')
    expect(any.join).toBe('any')
    expect(withJoin(any, 'all')).toEqual(node('d'))
  })
})

describe('steps that come and go in a branch', () => {
  test('a step that goes into a way leaves the rule where the way begins', () => {
    const { edges } = insert(BRANCH, node('n'), { after: 'a' }, 'b')
    expect(edges[0]).toEqual({ id: 'if', source: 'a', target: 'n', output: 'rest', rule: { all: [total] } })
    expect(edges[1]).toEqual({ id: 'e5', source: 'n', target: 'b' })
    expect(edges.slice(2)).toEqual(BRANCH.edges.slice(1))
  })

  test('a stream goes on through a step that is put into it', () => {
    const { edges } = insert(BRANCH, node('n'), { after: 'b' }, 'd')
    expect(edges.find(edge => edge.id === 'bd')).toEqual({
      id: 'bd',
      source: 'b',
      target: 'n',
      when: 'always',
      mode: 'stream',
    })
    expect(edges.find(edge => edge.source === 'n')).toMatchObject({ input: 'left', order: 2, mode: 'stream' })
  })

  test('a step that goes leaves all that was said of the pipes beside it', () => {
    const graph = remove(BRANCH, 'b')
    expect(pipe(graph, 'if')).toEqual({
      id: 'if',
      source: 'a',
      target: 'd',
      output: 'rest',
      rule: { all: [total] },
      input: 'left',
      order: 2,
      when: 'always',
      mode: 'stream',
    })
    expect(pipe(graph, 'else')).toBe(BRANCH.edges[1])
  })

  test('where a step goes behind which ways part, they part before it', () => {
    const edges: GraphEdge[] = [
      { id: 'sa', source: 's', target: 'a', rule: { all: [city] } },
      ...BRANCH.edges.slice(0, 2),
    ]
    const graph = remove({ nodes: [node('s'), ...BRANCH.nodes], edges }, 'a')
    expect(graph.edges.map(edge => [edge.source, edge.target, edge.rule])).toEqual([
      ['s', 'b', { all: [city, total] }],
      ['s', 'c', { all: [city] }],
    ])
  })
})
