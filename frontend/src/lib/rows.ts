import type { Graph, GraphEdge, GraphNode } from '@/api/types'
import { isConditional } from './ways'

/** The pipes into a node, in the order in which it reads them. */
export function incoming(graph: Graph, id: string): GraphEdge[] {
  return graph.edges.filter(edge => edge.target === id).sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
}

export function outgoing(graph: Graph, id: string): GraphEdge[] {
  return graph.edges.filter(edge => edge.source === id)
}

/** One card of the list: a node, and where its data comes from. */
export interface Row {
  node: GraphNode
  /** The pipes into it, in reading order; none means that it starts by itself or from the run's input. */
  pipes: GraphEdge[]
  /** Its only source is the card right above (for a first card: the run's input). */
  direct: boolean
  /** A heading says how one comes here: by a condition, from elsewhere, or from several steps. */
  section: boolean
  /** In how many branches it stands. */
  depth: number
  /** Nothing follows it; yet it is not the last card. */
  loose: boolean
}

/**
 * The graph as a list: every node after its sources, and wherever possible right below the one it reads from.
 * A cycle (a graph made elsewhere) still shows every node once.
 */
export function rows(graph: Graph): Row[] {
  const byId = new Map(graph.nodes.map(node => [node.id, node]))
  const waitsFor = new Map<string, number>()
  for (const node of graph.nodes) waitsFor.set(node.id, 0)
  for (const edge of graph.edges) {
    if (byId.has(edge.source) && waitsFor.has(edge.target)) {
      waitsFor.set(edge.target, (waitsFor.get(edge.target) ?? 0) + 1)
    }
  }
  const placed = new Set<string>()
  const depths = new Map<string, number>()
  const found: Row[] = []
  // Depth first, with the first child on top: a chain stays together, other branches follow below it.
  const stack = graph.nodes.filter(node => waitsFor.get(node.id) === 0).reverse()
  const follow = (start: GraphNode[]) => {
    const open = start
    for (let node = open.pop(); node; node = open.pop()) {
      if (placed.has(node.id)) continue
      placed.add(node.id)
      const placedRow = row(graph, node, found.at(-1), depths)
      depths.set(node.id, placedRow.depth)
      found.push(placedRow)
      const next: GraphNode[] = []
      for (const edge of waysOn(graph, node.id)) {
        const left = (waitsFor.get(edge.target) ?? 0) - 1
        waitsFor.set(edge.target, left)
        const target = byId.get(edge.target)
        if (left === 0 && target) next.push(target)
      }
      open.push(...next.reverse())
    }
  }
  follow(stack)
  for (const node of graph.nodes) if (!placed.has(node.id)) follow([node])
  for (const [at, entry] of found.entries()) {
    entry.loose = at < found.length - 1 && outgoing(graph, entry.node.id).length === 0
  }
  return found
}

/** The ways out of a step as one reads them: “otherwise” after the rules, what is done after a failure last. */
function waysOn(graph: Graph, id: string): GraphEdge[] {
  const last = ({ when, rule }: GraphEdge) =>
    (when === undefined || when === 'success' ? 0 : 2) + (rule && 'else' in rule ? 1 : 0)
  return outgoing(graph, id).sort((a, b) => last(a) - last(b))
}

function row(
  graph: Graph,
  node: GraphNode,
  above: Row | undefined,
  depths: ReadonlyMap<string, number>,
): Row {
  const pipes = incoming(graph, node.id)
  const direct =
    pipes.length === 0 ? above === undefined : pipes.length === 1 && pipes[0]?.source === above?.node.id
  const section = pipes.some(isConditional) || (!direct && above !== undefined)
  return { node, pipes, direct, section, depth: depthOf(graph, pipes, depths), loose: false }
}

/** One deeper where ways part, one less deep where they meet again. */
function depthOf(graph: Graph, pipes: readonly GraphEdge[], depths: ReadonlyMap<string, number>): number {
  const [first] = pipes
  if (!first) return 0
  if (pipes.length > 1) return Math.max(0, Math.min(...pipes.map(pipe => depths.get(pipe.source) ?? 0)) - 1)
  const parts = isConditional(first) || outgoing(graph, first.source).length > 1
  return (depths.get(first.source) ?? 0) + (parts ? 1 : 0)
}
