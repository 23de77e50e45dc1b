import type { Failure, Status, Way } from '@/api/types'

/** What a run's socket tells. Everything but log lines has a number and comes in its order. */
export type RunEvent = RunStatusEvent | StepStatusEvent | ProgressEvent | LogEvent

export interface RunStatusEvent {
  type: 'run.status'
  seq: number
  at: string
  status: Status
  error: string | null
  failure: Failure | null
  failed_node: string | null
}

export interface StepStatusEvent {
  type: 'step.status'
  seq: number
  at: string
  node: string
  status: Status
  attempt: number
  exit_code: number | null
  error: string | null
  failure: Failure | null
  bytes_in: number | null
  bytes_out: number | null
  note?: string
  /** Once the step is over: which of the ways out of it were taken, and why. */
  ways?: Record<string, Way>
}

export interface StepFlow {
  bytes_in: number
  bytes_out: number
  fraction?: number | null
}

export interface EdgeFlow {
  bytes: number
  rate: number
  waits_for: string | null
}

export interface ProgressEvent {
  type: 'progress'
  seq: number
  at: string
  steps: Record<string, StepFlow>
  edges: Record<string, EdgeFlow>
}

export interface LogEvent {
  type: 'log'
  at: string
  node: string
  /** Where the text begins in the step's log, in bytes. */
  from: number
  text: string
}

const FINAL: readonly Status[] = ['succeeded', 'failed', 'skipped', 'canceled']

/** Nothing more will happen by itself. */
export function isOver(status: Status): boolean {
  return FINAL.includes(status)
}

/** Reads one message of the socket; what this app does not know is passed over. */
export function readEvent(data: unknown): RunEvent | null {
  if (typeof data !== 'string') return null
  let event: unknown
  try {
    event = JSON.parse(data)
  } catch {
    return null
  }
  if (typeof event !== 'object' || event === null || !('type' in event)) return null
  const known = ['run.status', 'step.status', 'progress', 'log']
  return known.includes(String(event.type)) ? (event as RunEvent) : null
}
