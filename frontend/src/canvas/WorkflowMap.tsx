import type { Graph, Step, WorkflowInput } from '@/api/types'

export interface WorkflowMapProps {
  graph: Graph
  /** The library by slug, for icons and titles. */
  steps: ReadonlyMap<string, Step>
  input: WorkflowInput
  /** The chosen node, `input` for the input card, or null. */
  selected: string | null
  onSelect: (id: string | null) => void
}

/** Holds the place until the map is drawn. */
export function WorkflowMap({ graph }: WorkflowMapProps) {
  return <p>{graph.nodes.length} steps</p>
}
