import type { Graph, GraphEdge, GraphNode, Rule } from '@/api/types'
import { incoming, outgoing } from '@/lib/rows'

export { incoming, outgoing }

/**
 * Changes to a graph, as pure functions. Nodes and edges that a change does not touch keep their identity, so
 * only the cards that changed are drawn again.
 */

/** Where a node is put: at the very start, or after another node. */
export type Place = { after: string | null }

export function findNode(graph: Graph, id: string | null): GraphNode | undefined {
  return graph.nodes.find(node => node.id === id)
}

export function freshEdgeId(edges: readonly GraphEdge[]): string {
  const taken = new Set(edges.map(edge => edge.id))
  for (let count = edges.length + 1; ; count += 1) {
    const id = `e${count}`
    if (!taken.has(id)) return id
  }
}

/** What of an edge belongs to its reading end, and moves with it. */
function readingEnd(edge: GraphEdge): Partial<GraphEdge> {
  const end: Partial<GraphEdge> = {}
  if (edge.input !== undefined) end.input = edge.input
  if (edge.order !== undefined) end.order = edge.order
  return end
}

function withReadingEnd(edge: GraphEdge, target: string, end: Partial<GraphEdge>): GraphEdge {
  const { input: _input, order: _order, ...rest } = edge
  return { ...rest, target, ...end } as GraphEdge
}

/** The edge that a node put after `after` is spliced into; none if it hangs on as a new end. */
function edgeAfter(graph: Graph, after: string, below: string | undefined): GraphEdge | undefined {
  const out = outgoing(graph, after)
  return out.find(edge => edge.target === below) ?? (out.length === 1 ? out[0] : undefined)
}

/** The order of the nodes is the order of the cards wherever the edges leave it open. */
function placeInNodes(
  nodes: readonly GraphNode[],
  node: GraphNode,
  place: Place,
  below?: string,
): GraphNode[] {
  const before = nodes.findIndex(other => other.id === below)
  const at =
    place.after === null ? Math.max(0, before) : nodes.findIndex(other => other.id === place.after) + 1
  return [...nodes.slice(0, at), node, ...nodes.slice(at)]
}

/**
 * Puts a node into the graph. After a node, it goes into the pipe to the card below (`below`), else hangs on as a
 * new end. At the start, it feeds the first card (`below`), which until then had no source.
 */
export function insert(graph: Graph, node: GraphNode, place: Place, below?: string): Graph {
  const nodes = placeInNodes(graph.nodes, node, place, below)
  if (place.after === null) {
    const edges = below
      ? [...graph.edges, { id: freshEdgeId(graph.edges), source: node.id, target: below }]
      : graph.edges
    return { nodes, edges }
  }
  const pipe = edgeAfter(graph, place.after, below)
  if (!pipe) {
    const edge = { id: freshEdgeId(graph.edges), source: place.after, target: node.id }
    return { nodes, edges: [...graph.edges, edge] }
  }
  const second: GraphEdge = {
    id: freshEdgeId(graph.edges),
    source: node.id,
    target: pipe.target,
    ...readingEnd(pipe),
  }
  // What streamed on goes on streaming, also through the new step.
  if (pipe.mode !== undefined) second.mode = pipe.mode
  const edges = graph.edges.flatMap(edge =>
    edge === pipe ? [withReadingEnd(edge, node.id, {}), second] : [edge],
  )
  return { nodes, edges }
}

/**
 * The one pipe that stays of two when the node between them goes. Whether it is taken was decided where it began;
 * where nothing was, by what decided behind the node, so that branches stay branches.
 */
function joined(source: GraphEdge, reader: GraphEdge): GraphEdge {
  const pipe = withReadingEnd(source, reader.target, readingEnd(reader))
  if (pipe.when === undefined && reader.when !== undefined) pipe.when = reader.when
  const rule = bothRules(source.rule, reader.rule)
  if (rule) pipe.rule = rule
  if (pipe.mode === undefined && reader.mode !== undefined) pipe.mode = reader.mode
  return pipe
}

function bothRules(first: Rule | undefined, second: Rule | undefined): Rule | undefined {
  if (first && second && 'all' in first && 'all' in second) return { all: [...first.all, ...second.all] }
  return first ?? second
}

/** Takes a node out and joins its sources to what followed it. */
export function remove(graph: Graph, id: string): Graph {
  const sources = incoming(graph, id)
  const readers = outgoing(graph, id)
  const edges = graph.edges.filter(edge => edge.source !== id && edge.target !== id)
  for (const source of sources) {
    let kept = false
    for (const reader of readers) {
      const doubled = edges.some(
        edge => edge.source === source.source && edge.target === reader.target && edge.input === reader.input,
      )
      if (doubled) continue
      const pipe = joined(source, reader)
      edges.push(kept ? { ...pipe, id: freshEdgeId([...graph.edges, ...edges]) } : pipe)
      kept = true
    }
  }
  return { nodes: graph.nodes.filter(node => node.id !== id), edges: inOldOrder(graph.edges, edges) }
}

/** Edges stay in the order in which they were, new ones at the end. */
function inOldOrder(before: readonly GraphEdge[], edges: GraphEdge[]): GraphEdge[] {
  const rank = new Map(before.map((edge, index) => [edge.id, index]))
  const of = (edge: GraphEdge) => rank.get(edge.id) ?? before.length
  return edges.sort((a, b) => of(a) - of(b))
}

/** Takes a node out of its place and puts it into another. */
export function move(graph: Graph, id: string, place: Place, below?: string): Graph {
  const node = findNode(graph, id)
  if (!node || place.after === id || below === id) return graph
  return insert(remove(graph, id), node, place, below)
}

/** A copy of a node, right after it. */
export function duplicate(graph: Graph, id: string, copyId: string, below?: string): Graph {
  const node = findNode(graph, id)
  if (!node) return graph
  const copy: GraphNode = { ...structuredClone(node), id: copyId }
  return insert(graph, copy, { after: id }, below)
}

/** Changes one node; all others stay the very same objects. */
export function change(graph: Graph, id: string, update: (node: GraphNode) => GraphNode): Graph {
  let changed = false
  const nodes = graph.nodes.map(node => {
    if (node.id !== id) return node
    const next = update(node)
    if (next !== node) changed = true
    return next
  })
  return changed ? { ...graph, nodes } : graph
}
