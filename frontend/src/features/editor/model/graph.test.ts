import { describe, expect, test } from 'vitest'
import type { Graph } from '@/api/types'
import { graphOf, node } from '@/test/graphOf'
import { change, duplicate, insert, move, remove } from './graph'

const wires = (graph: Graph) =>
  graph.edges
    .map(edge => `${edge.source}>${edge.target}`)
    .sort()
    .join(' ')

describe('insert', () => {
  test('a first step stands alone', () => {
    const graph = insert({ nodes: [], edges: [] }, node('a'), { after: null })
    expect(graph.nodes.map(each => each.id)).toEqual(['a'])
    expect(graph.edges).toEqual([])
  })

  test('after the last step it hangs on', () => {
    expect(wires(insert(graphOf('a>b'), node('n'), { after: 'b' }))).toBe('a>b b>n')
  })

  test('between two steps it goes into their pipe', () => {
    expect(wires(insert(graphOf('a>b b>c'), node('n'), { after: 'a' }, 'b'))).toBe('a>n b>c n>b')
  })

  test('at the start it feeds the first step', () => {
    const graph = insert(graphOf('a>b'), node('n'), { after: null }, 'a')
    expect(wires(graph)).toBe('a>b n>a')
    expect(graph.nodes.map(each => each.id)).toEqual(['n', 'a', 'b'])
  })

  test('in a tree only the pipe to the card below is opened', () => {
    expect(wires(insert(graphOf('a>b a>c'), node('n'), { after: 'a' }, 'c'))).toBe('a>b a>n n>c')
  })

  test('after a step with several readers and none of them below, it becomes one more', () => {
    expect(wires(insert(graphOf('a>b a>c'), node('n'), { after: 'a' }))).toBe('a>b a>c a>n')
  })

  test('what belongs to the two ends of a pipe stays with them', () => {
    const graph: Graph = {
      nodes: [node('a'), node('b')],
      edges: [
        { id: 'p', source: 'a', target: 'b', output: 'second', input: 'left', order: 3, when: 'failure' },
      ],
    }
    const { edges } = insert(graph, node('n'), { after: 'a' }, 'b')
    expect(edges[0]).toEqual({ id: 'p', source: 'a', target: 'n', output: 'second', when: 'failure' })
    expect(edges[1]).toEqual({ id: 'e2', source: 'n', target: 'b', input: 'left', order: 3 })
  })

  test('what it does not touch stays the very same', () => {
    const graph = graphOf('a>b b>c')
    const next = insert(graph, node('n'), { after: 'b' }, 'c')
    expect(next.nodes[0]).toBe(graph.nodes[0])
    expect(next.edges[0]).toBe(graph.edges[0])
  })

  test('no two pipes get the same name', () => {
    let graph = graphOf('a>b b>c')
    graph = { ...graph, edges: graph.edges.map((edge, at) => ({ ...edge, id: `e${at + 3}` })) }
    graph = insert(graph, node('n'), { after: 'a' }, 'b')
    const names = graph.edges.map(edge => edge.id)
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('remove', () => {
  test('joins what was before to what was after', () => {
    expect(wires(remove(graphOf('a>b b>c'), 'b'))).toBe('a>c')
  })

  test('at the start or the end only its own pipe goes', () => {
    expect(wires(remove(graphOf('a>b b>c'), 'a'))).toBe('b>c')
    expect(wires(remove(graphOf('a>b b>c'), 'c'))).toBe('a>b')
  })

  test('in a tree every reader gets the source', () => {
    expect(wires(remove(graphOf('a>b b>c b>d'), 'b'))).toBe('a>c a>d')
  })

  test('with several sources every one is joined to every reader, once', () => {
    expect(wires(remove(graphOf('a>c b>c c>d'), 'c'))).toBe('a>d b>d')
    expect(wires(remove(graphOf('a>b a>c b>c'), 'b'))).toBe('a>c')
  })

  test('takes the reading end’s place and order over', () => {
    const graph: Graph = {
      nodes: [node('a'), node('b'), node('c')],
      edges: [
        { id: 'p', source: 'a', target: 'b', output: 'second', input: 'x', order: 1 },
        { id: 'q', source: 'b', target: 'c', input: 'left', order: 2 },
      ],
    }
    expect(remove(graph, 'b').edges).toEqual([
      { id: 'p', source: 'a', target: 'c', output: 'second', input: 'left', order: 2 },
    ])
  })

  test('names of pipes stay unique', () => {
    const names = remove(graphOf('a>c b>c c>d c>e'), 'c').edges.map(edge => edge.id)
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('move', () => {
  test('a chain keeps all its steps, in the new order', () => {
    expect(wires(move(graphOf('a>b b>c'), 'c', { after: 'a' }, 'b'))).toBe('a>c c>b')
    expect(wires(move(graphOf('a>b b>c'), 'a', { after: 'c' }))).toBe('b>c c>a')
    expect(wires(move(graphOf('a>b b>c'), 'c', { after: null }, 'a'))).toBe('a>b c>a')
  })

  test('in a tree it leaves its branch closed behind it', () => {
    expect(wires(move(graphOf('a>b a>c b>d'), 'b', { after: 'c' }))).toBe('a>c a>d c>b')
  })

  test('to where it already is changes nothing', () => {
    const graph = graphOf('a>b b>c')
    expect(move(graph, 'b', { after: 'a' }, 'b')).toBe(graph)
    expect(move(graph, 'b', { after: 'b' }, 'c')).toBe(graph)
    expect(move(graph, 'nobody', { after: 'a' }, 'b')).toBe(graph)
  })
})

describe('duplicate', () => {
  test('the copy reads from the original and feeds what followed it', () => {
    expect(wires(duplicate(graphOf('a>b'), 'a', 'a-2', 'b'))).toBe('a-2>b a>a-2')
  })

  test('settings are copied, not shared', () => {
    const graph: Graph = { nodes: [{ ...node('a'), params: { list: ['x'] } }], edges: [] }
    const copy = duplicate(graph, 'a', 'b').nodes[1]
    expect(copy?.params).toEqual({ list: ['x'] })
    expect(copy?.params.list).not.toBe(graph.nodes[0]?.params.list)
  })
})

describe('change', () => {
  test('only the changed node is a new object', () => {
    const graph = graphOf('a>b')
    const next = change(graph, 'b', each => ({ ...each, params: { x: 1 } }))
    expect(next.nodes[0]).toBe(graph.nodes[0])
    expect(next.nodes[1]).not.toBe(graph.nodes[1])
    expect(next.edges).toBe(graph.edges)
  })

  test('no change is the same graph', () => {
    const graph = graphOf('a>b')
    expect(change(graph, 'nobody', each => ({ ...each }))).toBe(graph)
  })
})
