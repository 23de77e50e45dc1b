import type { Graph, GraphNode, Step } from '@/api/types'
import { defaults, type Schema } from './schema'

/** What a node is called: as somebody named it, else as its step is called in the library. */
export function titleOf(node: Pick<GraphNode, 'title' | 'step'>, steps: ReadonlyMap<string, Step>): string {
  return node.title ?? steps.get(node.step)?.title ?? node.step
}

/** A name nobody has yet: `keep-rows`, then `keep-rows-2`. */
export function freshNodeId(graph: Graph, slug: string): string {
  const taken = new Set(graph.nodes.map(node => node.id))
  const base = slug.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 56) || 'step'
  if (!taken.has(base)) return base
  for (let count = 2; ; count += 1) {
    const id = `${base}-${count}`
    if (!taken.has(id)) return id
  }
}

/** A step of the library as a node, with the settings that it starts with. */
export function placed(step: Step, id: string): GraphNode {
  return {
    id,
    step: step.slug,
    version: step.version,
    params: defaults(step.params as Schema),
    position: { x: 0, y: 0 },
  }
}
