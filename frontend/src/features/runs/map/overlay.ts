import type { GraphEdge, Preview, Run, Step } from '@/api/types'
import type { MapOverlay } from '@/canvas'
import { shortContents } from '@/lib/contents'
import { bytes } from '@/lib/format'
import { shortWords } from '@/lib/ways'
import { flowIn, isFull, notTaken, pace, whySkipped } from '../model/flow'
import type { RunState } from '../model/state'
import type { RunStore } from '../model/stream'

/** What was seen in the pipes, by their ids; what the run was given under ''. */
export type Looks = ReadonlyMap<string, Preview>

const NO_LOOKS: Looks = new Map()

/** What lies on the map while a run goes on: read from the run's state by each box and pipe for itself. */
export function runOverlay(
  run: Run,
  store: RunStore,
  steps: ReadonlyMap<string, Step> = new Map(),
  looks = NO_LOOKS,
): MapOverlay {
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
      if (!edge) return shortContents(looks.get(''), 'any', run.input?.bytes ?? 0)
      return words(store.getState(), edge, looks.get(pipe), steps)
    },
    kind: pipe => {
      const edge = edges.get(pipe)
      const full = !edge || (isFull(store.getState(), edge) && notTaken(store.getState(), pipe) === null)
      return full ? (looks.get(edge ? pipe : '')?.kind ?? null) : null
    },
  }
}

/** What went through a pipe and how fast, or why nothing did; before that is known, when it is taken. */
function words(
  state: RunState,
  edge: GraphEdge,
  look: Preview | undefined,
  steps: ReadonlyMap<string, Step>,
): string | null {
  const writer = state.steps[edge.source]
  // Behind what did not run, every way is as quiet as the next.
  if (writer?.status === 'skipped') return null
  // Why not stands on the box that it leads to.
  if (notTaken(state, edge.id) !== null) return 'Not taken'
  const full = isFull(state, edge)
  // How much came out otherwise is known only to who has looked.
  if (edge.output !== undefined && !look) return full ? null : shortWords(edge)
  const size = writer?.bytesOut ?? 0
  if (full)
    return shortContents(
      look,
      givesOf(steps.get(writer?.step ?? ''), edge),
      edge.output === undefined ? size : (look?.bytes ?? 0),
    )
  const speed = pace(state, edge)
  if (writer?.status === 'running' && size > 0) return speed ?? bytes(size)
  return speed ?? shortWords(edge)
}

function givesOf(step: Step | undefined, { output }: GraphEdge): string {
  return (
    (output === undefined ? step?.gives : step?.outputs.find(each => each.name === output)?.gives) ?? 'any'
  )
}
