import type { Run } from '@/api/types'
import type { MapOverlay } from '@/canvas'
import type { Flow } from '@/components/flow/Pipe'
import { bytes } from '@/lib/format'
import { isOver } from '../model/events'
import type { RunState } from '../model/state'
import type { RunStore } from '../model/stream'

/** Whose data flows through a pipe: a node's; null is what the run was given. */
export function sourceOf(run: Pick<Run, 'graph'>, pipe: string): string | null {
  return run.graph.edges.find(edge => edge.id === pipe)?.source ?? null
}

/** How the pipe behind a writer looks. */
export function flowAfter(state: RunState, source: string | null): Flow {
  if (source === null) return 'full'
  const writer = state.steps[source]
  if (writer?.status === 'succeeded') return (writer.bytesOut ?? 0) > 0 ? 'full' : 'empty'
  if (writer?.status === 'running') return (writer.bytesOut ?? 0) > 0 ? 'flowing' : 'waiting'
  return isOver(state.status) || (writer && isOver(writer.status)) ? 'empty' : 'waiting'
}

/** What lies on the map while a run goes on: read from the run's state by each box and pipe for itself. */
export function runOverlay(run: Run, store: RunStore): MapOverlay {
  const sources = new Map(run.graph.edges.map(edge => [edge.id, edge.source]))
  const source = (pipe: string) => sources.get(pipe) ?? null
  return {
    subscribe: store.subscribe,
    status: node => store.getState().steps[node]?.status,
    flow: pipe => flowAfter(store.getState(), source(pipe)),
    words: pipe => words(store.getState(), source(pipe), run.input?.bytes ?? 0),
  }
}

function words(state: RunState, source: string | null, given: number): string | null {
  if (source === null) return bytes(given)
  const writer = state.steps[source]
  const size = writer?.bytesOut ?? 0
  if (writer?.status === 'succeeded') return bytes(size)
  if (writer?.status === 'running' && size > 0) return bytes(size)
  return null
}
