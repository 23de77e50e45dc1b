import { describe, expect, it } from 'vitest'
import type { Graph, Step } from '@/api/types'
import { elements } from './elements'
import { GIVEN, inputPipe } from './given'

const step = (slug: string, takes = 'text') =>
  ({ slug, title: `Title of ${slug}`, icon: 'filter', category: 'tables', takes, gives: 'text' }) as Step
const library = new Map([step('make', 'nothing'), step('keep')].map(one => [one.slug, one]))
const node = (id: string, slug = 'keep') => ({ id, step: slug, params: {} })
const edge = (source: string, target: string) => ({ id: `${source}-${target}`, source, target })
const file = { kind: 'file', title: 'Orders', name: 'orders.csv' } as const

describe('elements', () => {
  it('draws a box for each node and a pipe for each edge', () => {
    const graph: Graph = { nodes: [node('a'), node('b')], edges: [edge('a', 'b')] }
    const drawn = elements(graph, library, null)
    expect(drawn.nodes.map(each => each.id)).toEqual(['a', 'b'])
    expect(drawn.edges.map(each => [each.source, each.target])).toEqual([['a', 'b']])
  })

  it('leads the input to what takes it, and to nothing else', () => {
    const graph: Graph = { nodes: [node('a'), node('m', 'make'), node('b')], edges: [edge('a', 'b')] }
    const drawn = elements(graph, library, file)
    const pipes = drawn.edges.filter(each => each.source === GIVEN)
    expect(pipes.map(each => each.id)).toEqual([inputPipe('a')])
    expect(drawn.nodes.find(each => each.id === GIVEN)?.data).toMatchObject({
      title: 'Orders',
      line: 'orders.csv',
    })
  })

  it('stands the input before saved places without moving them', () => {
    const graph: Graph = {
      nodes: [
        { ...node('a'), position: { x: 0, y: 40 } },
        { ...node('b'), position: { x: 340, y: 40 } },
      ],
      edges: [edge('a', 'b')],
    }
    const drawn = elements(graph, library, file)
    const place = (id: string) => drawn.nodes.find(each => each.id === id)?.position
    expect(place('a')).toEqual({ x: 0, y: 40 })
    expect(place(GIVEN)?.y).toBe(40)
    expect(place(GIVEN)?.x).toBeLessThan(-200)
  })

  it('has no input card where a run starts with nothing', () => {
    const graph: Graph = { nodes: [node('a', 'make')], edges: [] }
    expect(elements(graph, library, { kind: 'none', title: '' }).nodes).toHaveLength(1)
  })

  it('leaves out pipes whose end is missing', () => {
    const graph: Graph = { nodes: [node('a')], edges: [edge('a', 'gone')] }
    expect(elements(graph, library, null).edges).toEqual([])
  })

  it('says so where a step is not in the library', () => {
    const graph: Graph = { nodes: [node('a', 'unknown')], edges: [] }
    expect(elements(graph, library, null).nodes[0]?.data).toMatchObject({
      title: 'unknown',
      line: 'This step is not in the library',
    })
  })

  it('knows the pipes that fan out of a box, each to a target of its own', () => {
    const nodes = [node('a'), node('b'), node('c'), node('d')]
    const edges = [edge('a', 'b'), edge('a', 'c'), edge('a', 'd'), edge('c', 'd')]
    const drawn = elements({ nodes, edges }, library, null)
    expect(drawn.edges.filter(each => each.data?.fans).map(each => each.id)).toEqual(['a-b', 'a-c'])
  })

  it('is gone through from left to right, then downwards', () => {
    const nodes = [node('end'), node('low'), node('high'), node('start')]
    const edges = [edge('start', 'low'), edge('start', 'high'), edge('low', 'end'), edge('high', 'end')]
    const drawn = elements({ nodes, edges }, library, null).nodes
    expect([drawn[0]?.id, drawn[3]?.id]).toEqual(['start', 'end'])
    const [upper, lower] = [drawn[1]?.position, drawn[2]?.position]
    expect(lower?.x).toBe(upper?.x)
    expect(lower?.y).toBeGreaterThan(upper?.y ?? Number.NaN)
  })
})
