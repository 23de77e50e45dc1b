import type { Failure, Graph, Run, Status, StepRun, Way } from '@/api/types'
import { rows } from '@/lib/rows'
import { type EdgeFlow, isOver, type RunEvent, type StepStatusEvent } from './events'
import { appended, EMPTY_LOG, type LogTail } from './log'

/** One step as the screen shows it. */
export interface StepState {
  node: string
  title: string
  step: string
  status: Status
  attempt: number
  exitCode: number | null
  startedAt: string | null
  finishedAt: string | null
  bytesIn: number | null
  bytesOut: number | null
  /** How far the step says it is, 0 to 1. */
  fraction: number | null
  failure: Failure | null
  note: string
}

/** A run as the screen shows it. What an event does not touch keeps its identity, so only what changed is drawn. */
export interface RunState {
  /** The number of the last event that went in. */
  seq: number
  status: Status
  failure: Failure | null
  failedNode: string | null
  startedAt: string | null
  finishedAt: string | null
  order: readonly string[]
  steps: Readonly<Record<string, StepState>>
  edges: Readonly<Record<string, EdgeFlow>>
  /** Of the ways that are decided: whether they were taken, and why. */
  ways: Readonly<Record<string, Way>>
  /** The pipes in which data streams from step to step. */
  streams: ReadonlySet<string>
  logs: Readonly<Record<string, LogTail>>
}

export function fromRun(run: Run): RunState {
  return {
    seq: run.last_seq ?? 0,
    status: run.status,
    failure: run.failure ?? null,
    failedNode: run.failed_node,
    startedAt: run.started_at ?? null,
    finishedAt: run.finished_at ?? null,
    order: inOrder(run),
    steps: Object.fromEntries(run.steps.map(step => [step.node, fromStep(step)])),
    edges: flows(run.graph, run.steps),
    ways: Object.assign({}, ...run.steps.map(step => step.ways)),
    streams: new Set(run.streams),
    logs: {},
  }
}

/** The steps as they are listed: branch after branch. */
function inOrder({ graph, steps }: Run): string[] {
  const known = new Set(steps.map(step => step.node))
  const listed = rows(graph).flatMap(({ node }) => (known.delete(node.id) ? [node.id] : []))
  return [...listed, ...known]
}

function fromStep(step: StepRun): StepState {
  return {
    node: step.node,
    title: step.title,
    step: step.step,
    status: step.status,
    attempt: step.attempt ?? 1,
    exitCode: step.exit_code ?? null,
    startedAt: step.started_at ?? null,
    finishedAt: step.finished_at ?? null,
    bytesIn: step.bytes_in ?? null,
    bytesOut: step.bytes_out ?? null,
    fraction: null,
    failure: step.failure ?? null,
    note: step.note ?? '',
  }
}

/** What went through each pipe so far: what its source has written. */
function flows(graph: Graph, steps: readonly StepRun[]): Record<string, EdgeFlow> {
  const written = new Map(steps.map(step => [step.node, step.bytes_out ?? 0]))
  return Object.fromEntries(
    graph.edges.map(edge => [edge.id, { bytes: written.get(edge.source) ?? 0, rate: 0, waits_for: null }]),
  )
}

/** Folds one event into the state. Events that came before, or of nodes nobody knows, change nothing. */
export function fold(state: RunState, event: RunEvent): RunState {
  if (event.type === 'log') {
    if (!state.steps[event.node]) return state
    const before = state.logs[event.node] ?? EMPTY_LOG
    const after = appended(before, event.from, event.text)
    return after === before ? state : { ...state, logs: { ...state.logs, [event.node]: after } }
  }
  if (event.seq <= state.seq) return state
  const next = { ...state, seq: event.seq }
  if (event.type === 'run.status') {
    return {
      ...next,
      status: event.status,
      failure: event.failure,
      failedNode: event.failed_node,
      startedAt: state.startedAt ?? event.at,
      finishedAt: isOver(event.status) ? event.at : null,
    }
  }
  if (event.type === 'step.status') {
    const step = state.steps[event.node]
    if (!step) return next
    const logs = step.attempt === event.attempt ? state.logs : without(state.logs, event.node)
    const decided = Object.keys(event.ways ?? {}).length > 0
    const ways = decided ? { ...state.ways, ...event.ways } : state.ways
    return { ...next, logs, ways, steps: { ...state.steps, [event.node]: changed(step, event) } }
  }
  return { ...next, steps: movedSteps(state, event.steps), edges: movedEdges(state, event.edges) }
}

function changed(step: StepState, event: StepStatusEvent): StepState {
  const again = event.attempt !== step.attempt
  const startedAt = again ? null : step.startedAt
  return {
    ...step,
    status: event.status,
    attempt: event.attempt,
    exitCode: event.exit_code,
    failure: event.failure,
    note: event.note ?? '',
    startedAt: event.status === 'running' ? (startedAt ?? event.at) : startedAt,
    finishedAt: isOver(event.status) ? event.at : null,
    bytesIn: event.bytes_in ?? (again ? null : step.bytesIn),
    bytesOut: event.bytes_out ?? (again ? null : step.bytesOut),
    fraction: event.status === 'running' ? step.fraction : null,
  }
}

function movedSteps(
  state: RunState,
  moved: Record<string, { bytes_in: number; bytes_out: number; fraction?: number | null }>,
) {
  const steps = { ...state.steps }
  let touched = false
  for (const [node, flow] of Object.entries(moved)) {
    const step = steps[node]
    if (!step) continue
    touched = true
    steps[node] = {
      ...step,
      bytesIn: flow.bytes_in,
      bytesOut: flow.bytes_out,
      fraction: flow.fraction ?? step.fraction,
    }
  }
  return touched ? steps : state.steps
}

/** A tick names every pipe in which something moved: in all others nothing flows. */
function movedEdges(state: RunState, moved: Record<string, EdgeFlow>) {
  const still = stilled(state).edges
  return Object.keys(moved).length > 0 ? { ...still, ...moved } : still
}

/** The same state with nothing flowing. */
export function stilled(state: RunState): RunState {
  const flowing = Object.entries(state.edges).filter(([, flow]) => flow.rate > 0)
  if (flowing.length === 0) return state
  const still = Object.fromEntries(flowing.map(([id, flow]) => [id, { ...flow, rate: 0 }]))
  return { ...state, edges: { ...state.edges, ...still } }
}

/** The same state before anything was heard of any log. */
export function withoutLogs(state: RunState): RunState {
  return Object.keys(state.logs).length > 0 ? { ...state, logs: {} } : state
}

function without<T>(all: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  if (!(key in all)) return all
  const { [key]: _, ...rest } = all
  return rest
}

/** The steps that work right now. */
export function stepsWorking(state: RunState): number {
  return state.order.filter(node => state.steps[node]?.status === 'running').length
}

export function stepsFailed(state: RunState): number {
  return state.order.filter(node => state.steps[node]?.status === 'failed').length
}

/** The step that the run's state is about: the one that failed, that needs somebody, or the first that works. */
export function nodeInQuestion(state: RunState): string | null {
  if (state.status === 'failed' || state.status === 'waiting') return state.failedNode
  const first = (status: Status) => state.order.find(node => state.steps[node]?.status === status) ?? null
  if (state.status === 'running') return first('running')
  return state.status === 'succeeded' ? first('failed') : null
}

/** How many steps are over, for “step 3 of 4” and the bar. */
export function stepsDone(state: RunState): number {
  return state.order.filter(node => {
    const status = state.steps[node]?.status
    return status !== undefined && isOver(status)
  }).length
}

/** The share of the work that is done, 0 to 1: a running step counts by what it says of itself, else as half done. */
export function shareDone(state: RunState): number {
  if (state.order.length === 0) return 0
  const running = state.order.reduce((sum, node) => {
    const step = state.steps[node]
    return step?.status === 'running' ? sum + (step.fraction ?? 0.5) : sum
  }, 0)
  return (stepsDone(state) + running) / state.order.length
}
