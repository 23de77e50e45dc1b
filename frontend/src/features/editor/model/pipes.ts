import type { Graph, GraphEdge, GraphNode } from '@/api/types'
import { freshEdgeId, incoming, outgoing } from './graph'

/** Changes to the pipes of a graph, as pure functions: leading on, taking away, their order. */

export function findPipe(graph: Graph, id: string | null): GraphEdge | undefined {
  return graph.edges.find(edge => edge.id === id)
}

/** Every node that data from this one can reach, itself included. */
function reached(graph: Graph, from: string): Set<string> {
  const found = new Set([from])
  for (const node of found) for (const edge of outgoing(graph, node)) found.add(edge.target)
  return found
}

/** Why no pipe can lead from one step to the other; null if one can. */
export function cannotConnect(graph: Graph, source: string, target: string): string | null {
  if (source === target) return 'A step cannot read its own output.'
  if (graph.edges.some(edge => edge.source === source && edge.target === target))
    return 'It leads there already.'
  if (reached(graph, target).has(source)) return 'Then these steps would wait for each other in a circle.'
  return null
}

/** A new pipe; as one of several into a step it is read last. */
export function connect(graph: Graph, source: string, target: string): Graph {
  if (cannotConnect(graph, source, target) !== null) return graph
  const pipe: GraphEdge = { id: freshEdgeId(graph.edges), source, target }
  const last = Math.max(0, ...incoming(graph, target).map(edge => edge.order ?? 0))
  if (last > 0) pipe.order = last
  return { ...graph, edges: [...graph.edges, pipe] }
}

export function disconnect(graph: Graph, id: string): Graph {
  const edges = graph.edges.filter(edge => edge.id !== id)
  return edges.length === graph.edges.length ? graph : { ...graph, edges }
}

/** What is left out of a pipe because it goes without saying. */
const DEFAULTS: Partial<GraphEdge> = {
  output: 'stdout',
  input: 'stdin',
  order: 0,
  when: 'success',
  mode: 'keep',
}

/** Changes what is said of one pipe; a default, or undefined, is left out. All others stay the very same objects. */
export function changePipe(graph: Graph, id: string, about: Partial<GraphEdge>): Graph {
  const edges = graph.edges.map(edge => {
    if (edge.id !== id) return edge
    const kept = Object.entries({ ...edge, ...about }).filter(
      ([key, value]) => value !== undefined && DEFAULTS[key] !== value,
    )
    return Object.fromEntries(kept) as GraphEdge
  })
  return { ...graph, edges }
}

/** The pipes that a step reads one after the other, as the data it takes. */
export function readInTurn(graph: Graph, node: string): GraphEdge[] {
  return incoming(graph, node).filter(edge => (edge.input ?? 'stdin') === 'stdin')
}

/** Lets a step read one of its pipes one place earlier or later. */
export function reorder(graph: Graph, id: string, direction: 'up' | 'down'): Graph {
  const pipe = findPipe(graph, id)
  if (!pipe) return graph
  const line = readInTurn(graph, pipe.target)
  const at = line.indexOf(pipe)
  const other = line[direction === 'up' ? at - 1 : at + 1]
  if (at < 0 || !other) return graph
  const turned = line.map(edge => (edge === pipe ? other : edge === other ? pipe : edge))
  return turned.reduce((changed, edge, order) => changePipe(changed, edge.id, { order }), graph)
}

/** Whether a node waits for all ways into it, or goes on as soon as it is clear that one brings something. */
export function withJoin(node: GraphNode, join: 'all' | 'any'): GraphNode {
  const { join: _old, ...rest } = node
  return (join === 'all' ? rest : { ...rest, join }) as GraphNode
}

/** The other ways out of the same step. */
export function siblings(graph: Graph, pipe: GraphEdge): GraphEdge[] {
  return outgoing(graph, pipe.source).filter(edge => edge !== pipe)
}
