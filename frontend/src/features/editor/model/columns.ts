import type { Graph, GraphEdge, Step, WorkflowInput } from '@/api/types'
import { csvHeader } from '@/lib/csv'
import { isMissing, isShown, type Params, type Schema } from '@/lib/schema'
import { incoming } from './graph'

/** Columns seen in the last run, by node; the columns of the run's input under the key ''. */
export type SeenColumns = ReadonlyMap<string, readonly string[]>

interface Flow {
  graph: Graph
  input: WorkflowInput
  steps: ReadonlyMap<string, Step>
  seen: SeenColumns
  /** Nodes that would not do again what that run showed. */
  stale: ReadonlySet<string>
}

/** The columns that come out of a node: as the last run showed them, or as its step says; empty where nobody knows. */
export function columnsFrom(flow: Flow, id: string, depth = 0): readonly string[] {
  const node = flow.graph.nodes.find(each => each.id === id)
  const step = node && flow.steps.get(node.step)
  if (!node || step?.gives !== 'csv' || depth > flow.graph.nodes.length) return []
  const seen = flow.seen.get(id)
  if (seen && !flow.stale.has(id)) return seen
  const said = columnsSaid(step, node.params as Params, () => columnsInto(flow, id, depth + 1))
  return said.length > 0 ? said : (seen ?? [])
}

/** The columns in a pipe; of a further output nobody knows them. */
export function columnsIn(flow: Flow, pipe: GraphEdge, depth = 0): readonly string[] {
  return pipe.output === undefined ? columnsFrom(flow, pipe.source, depth) : []
}

/**
 * Whether those columns are known, and not only likely: from the input itself, from a run that would do the same again, or
 * because the steps on the way say what becomes of them.
 */
export function columnsAreSure(flow: Flow, id: string, depth = 0): boolean {
  const [pipe, ...others] = incoming(flow.graph, id)
  if (!pipe) return inputHeader(flow.input).length > 0
  if (others.length > 0 || pipe.output !== undefined || depth > flow.graph.nodes.length) return false
  if (flow.seen.has(pipe.source) && !flow.stale.has(pipe.source)) return true
  const node = flow.graph.nodes.find(each => each.id === pipe.source)
  const step = node && flow.steps.get(node.step)
  const rule = step && ruleOf(step, node.params as Params)
  return rule !== undefined && (rule.names !== undefined || columnsAreSure(flow, pipe.source, depth + 1))
}

/** The columns that arrive at a node; empty where nobody can know before the first run. */
export function columnsInto(flow: Flow, id: string, depth = 0): readonly string[] {
  const pipe = incoming(flow.graph, id)[0]
  if (pipe) return columnsIn(flow, pipe, depth)
  if (flow.input.kind === 'none') return []
  const header = inputHeader(flow.input)
  return header.length > 0 ? header : (flow.seen.get('') ?? [])
}

/** One column alone may as well be the first line of any text. */
function inputHeader(input: WorkflowInput): string[] {
  const header = input.kind !== 'none' && input.sample ? csvHeader(input.sample) : []
  return header.length > 1 ? header : []
}

/** What the step says of its columns, its settings being as they are. */
function ruleOf(step: Step, params: Params): Step['columns'][number] | undefined {
  return step.columns.find(({ when }) =>
    Object.entries(when).every(([name, values]) => values.includes(setting(step, params, name) ?? '')),
  )
}

function columnsSaid(step: Step, params: Params, arriving: () => readonly string[]): readonly string[] {
  const rule = ruleOf(step, params)
  const filled = (entries: string[]) => entries.flatMap(entry => valuesOf(step, params, entry))
  if (rule?.names) return filled(rule.names)
  if (!rule?.all_but) return []
  const left = filled(rule.all_but)
  return arriving().filter(column => !left.includes(column))
}

/** A name stands for itself; {by} for what that setting holds. */
function valuesOf(step: Step, params: Params, entry: string): string[] {
  const name = /^\{(.*)\}$/s.exec(entry)?.[1]
  const value = name === undefined ? entry : setting(step, params, name)
  const values = Array.isArray(value) ? value : [value]
  return values.map(each => String(each ?? '').trim()).filter(each => each !== '')
}

function setting(step: Step, params: Params, name: string): unknown {
  const schema = step.params as Schema
  const field = schema.properties?.[name]
  if (!field || !isShown(field, params, schema)) return undefined
  return isMissing(field, params[name]) ? field.default : params[name]
}
