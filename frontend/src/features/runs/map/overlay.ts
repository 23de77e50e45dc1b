import type { Run } from '@/api/types'
import type { MapOverlay } from '@/canvas'
import { bytes } from '@/lib/format'
import { flowAfter } from '../model/flow'
import type { RunState } from '../model/state'
import type { RunStore } from '../model/stream'

/** Whose data flows through a pipe: a node's; null is what the run was given. */
export function sourceOf(run: Pick<Run, 'graph'>, pipe: string): string | null {
  return run.graph.edges.find(edge => edge.id === pipe)?.source ?? null
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
