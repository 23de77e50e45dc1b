import type { GraphEdge, Status } from '@/api/types'
import type { Flow } from '@/components/flow/Pipe'
import { bytes } from '@/lib/format'
import { isOver } from './events'
import type { RunState } from './state'

/** How the pipe behind a writer looks; null is what the run was given. */
export function flowAfter(state: RunState, source: string | null): Flow {
  if (source === null) return 'full'
  const writer = state.steps[source]
  const wrote = (writer?.bytesOut ?? 0) > 0
  if (writer?.status === 'succeeded') return wrote ? 'full' : 'empty'
  if (writer?.status === 'running') return wrote ? 'flowing' : 'waiting'
  return isOver(state.status) || (writer && isOver(writer.status)) ? 'empty' : 'waiting'
}

/** How one pipe of the workflow looks. A way that is taken after a failure carries what there was. */
export function flowIn(state: RunState, edge: GraphEdge): Flow {
  const way = state.ways[edge.id]
  if (way && !way.taken) return 'closed'
  const writer = state.steps[edge.source]
  if (way?.taken && writer?.status === 'failed') return (writer.bytesOut ?? 0) > 0 ? 'full' : 'empty'
  if (edge.output !== undefined && writer?.status === 'succeeded') return 'full'
  const flow = flowAfter(state, edge.source)
  return streamsNow(state, edge) && (state.edges[edge.id]?.bytes ?? 0) > 0 ? 'flowing' : flow
}

/** The liveliest comes first: where several pipes meet, what goes on is what goes on in one of them. */
const LIVELY: readonly Flow[] = ['flowing', 'full', 'waiting', 'empty', 'closed']

/** How the pipe into a card looks that several ways lead into. */
export function flowInto(state: RunState, edges: readonly GraphEdge[]): Flow {
  const found = edges.map(edge => flowIn(state, edge))
  return LIVELY.find(flow => found.includes(flow)) ?? 'empty'
}

/** Whether both ends of a stream are at work. */
export function streamsNow(state: RunState, edge: GraphEdge): boolean {
  return state.streams.has(edge.id) && state.steps[edge.source]?.status === 'running'
}

/** What is said after the bytes of a writer that is not done: they are not all there is, or ever will be. */
export function afterBytes(status: Status | undefined): string {
  if (status === 'failed') return 'before it failed'
  if (status === 'canceled') return 'before it was stopped'
  return 'so far'
}

/** So many rows or lines of a pipe are looked at: enough to say what it carries. */
export const PIPE_LOOK = 8

/** Whether all that goes through a pipe has come out. */
export function isFull(state: RunState, edge: GraphEdge): boolean {
  const status = state.steps[edge.source]?.status
  return status === 'succeeded' || (status === 'failed' && state.ways[edge.id]?.taken === true)
}

/** Why nothing went a way: “Not taken: total is 800”; null where it was taken, or nobody knows yet. */
export function notTaken(state: RunState, edge: string): string | null {
  const way = state.ways[edge]
  if (!way || way.taken) return null
  return way.why ? `Not taken: ${way.why}` : 'Not taken'
}

/** How fast a stream is, or who keeps it waiting: “46 MB/s”, “waits for Group and total”, “waits for data”. */
export function pace(state: RunState, edge: GraphEdge): string | null {
  const flow = state.edges[edge.id]
  if (!flow || state.steps[edge.source]?.status !== 'running') return null
  if (flow.waits_for === 'reader') return `waits for ${state.steps[edge.target]?.title ?? 'the next step'}`
  if (flow.waits_for === 'writer') return 'waits for data'
  return flow.rate > 0 ? `${bytes(flow.rate)}/s` : null
}

/** The step that streams into this one while both work. */
export function worksBesides(state: RunState, edges: readonly GraphEdge[], node: string): string | null {
  if (state.steps[node]?.status !== 'running') return null
  const stream = edges.find(edge => edge.target === node && streamsNow(state, edge))
  return stream ? (state.steps[stream.source]?.title ?? null) : null
}

/** Why a step was not started, as its ways in tell it. */
export function whySkipped(state: RunState, node: string): string | null {
  const step = state.steps[node]
  if (step?.status !== 'skipped' || step.note === '') return null
  return `Not taken: ${step.note}`
}

/** A step failed, and a way was there for it, or for one that worked together with it: the run went on. */
export function wasSeenTo(state: RunState, node: string, edges: readonly GraphEdge[]): boolean {
  if (state.steps[node]?.status !== 'failed') return false
  if (state.status === 'succeeded') return true
  return edges.some(edge => edge.source === node && state.ways[edge.id]?.taken)
}

/** Whether a failure has a card of its own: the one to look at, and each that was seen to, but not what it took along. */
export function isExplained(state: RunState, node: string, edges: readonly GraphEdge[]): boolean {
  if (state.failedNode === node) return true
  return wasSeenTo(state, node, edges) && state.steps[node]?.failure?.kind !== 'together'
}

/** The steps whose output is what the run made: those that ran, and after which nothing ran. */
export function lastSteps(state: RunState, edges: readonly GraphEdge[]): string[] {
  const ran = (node: string) => {
    const status = state.steps[node]?.status
    return status === 'succeeded' || status === 'failed'
  }
  const before = new Set(
    edges.filter(edge => ran(edge.target) && !closed(state, edge)).map(edge => edge.source),
  )
  return state.order.filter(node => state.steps[node]?.status === 'succeeded' && !before.has(node))
}

function closed(state: RunState, edge: GraphEdge): boolean {
  return state.ways[edge.id]?.taken === false
}
