import type { GraphEdge, Run } from '@/api/types'
import type { MapOverlay } from '@/canvas'
import { bytes } from '@/lib/format'
import { shortWords } from '@/lib/ways'
import { flowIn, notTaken, pace, whySkipped } from '../model/flow'
import type { RunState } from '../model/state'
import type { RunStore } from '../model/stream'

/** What lies on the map while a run goes on: read from the run's state by each box and pipe for itself. */
export function runOverlay(run: Run, store: RunStore): MapOverlay {
  const edges = new Map(run.graph.edges.map(edge => [edge.id, edge]))
  return {
    subscribe: store.subscribe,
    status: node => store.getState().steps[node]?.status,
    line: node => whySkipped(store.getState(), node),
    flow: pipe => {
      const edge = edges.get(pipe)
      return edge ? flowIn(store.getState(), edge) : 'full'
    },
    words: pipe => {
      const edge = edges.get(pipe)
      return edge ? words(store.getState(), edge) : bytes(run.input?.bytes ?? 0)
    },
  }
}

/** What went through a pipe and how fast, or why nothing did; before that is known, when it is taken. */
function words(state: RunState, edge: GraphEdge): string | null {
  const writer = state.steps[edge.source]
  // Behind what did not run, every way is as quiet as the next.
  if (writer?.status === 'skipped') return null
  const refusal = notTaken(state, edge.id)
  if (refusal !== null) return refusal
  const over = writer?.status === 'succeeded' || (writer?.status === 'failed' && state.ways[edge.id]?.taken)
  // Only of what comes out by itself is it known how much it is.
  if (edge.output !== undefined) return over ? null : shortWords(edge)
  const size = writer?.bytesOut ?? 0
  if (over) return bytes(size)
  const speed = pace(state, edge)
  if (writer?.status === 'running' && size > 0) return speed ?? bytes(size)
  return speed ?? shortWords(edge)
}
