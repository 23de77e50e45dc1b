import type { Graph, GraphEdge, Step, WorkflowInput } from '@/api/types'
import { csvHeader } from '@/lib/csv'
import { incoming } from './graph'

/** Columns seen in the last run, by node; the columns of the run's input under the key ''. */
export type SeenColumns = ReadonlyMap<string, readonly string[]>

interface Flow {
  graph: Graph
  input: WorkflowInput
  steps: ReadonlyMap<string, Step>
  seen: SeenColumns
}

/** The columns that come out of a node: as the last run showed them, else those that go in. */
export function columnsFrom(flow: Flow, id: string, depth = 0): readonly string[] {
  const node = flow.graph.nodes.find(each => each.id === id)
  const step = node && flow.steps.get(node.step)
  if (step?.gives !== 'csv' || depth > flow.graph.nodes.length) return []
  return flow.seen.get(id) ?? columnsInto(flow, id, depth + 1)
}

/** The columns in a pipe; of a further output nobody knows them. */
export function columnsIn(flow: Flow, pipe: GraphEdge, depth = 0): readonly string[] {
  return pipe.output === undefined ? columnsFrom(flow, pipe.source, depth) : []
}

/** Whether those columns are known, and not only likely: from the input itself, or from a run that would do the same again. */
export function columnsAreSure(flow: Flow, id: string, stale: ReadonlySet<string>): boolean {
  const pipe = incoming(flow.graph, id)[0]
  return !pipe || (flow.seen.has(pipe.source) && !stale.has(pipe.source))
}

/** The columns that arrive at a node; empty where nobody can know before the first run. */
export function columnsInto(flow: Flow, id: string, depth = 0): readonly string[] {
  const pipe = incoming(flow.graph, id)[0]
  if (pipe) return columnsIn(flow, pipe, depth)
  if (flow.input.kind === 'none') return []
  const header = flow.input.sample ? csvHeader(flow.input.sample) : []
  return header.length > 1 ? header : (flow.seen.get('') ?? [])
}
