import { describe, expect, it } from 'vitest'
import type { Run } from '@/api/types'
import type { ProgressEvent, RunEvent, StepStatusEvent } from './events'
import { fold, fromRun, nodeInQuestion, type RunState, stepsDone, stilled, withoutLogs } from './state'

const AT = '2026-01-02T03:04:05Z'

function step(node: string) {
  return { node, title: node, step: 'change-case', status: 'queued', error: null, failure: null } as const
}

const RUN = {
  id: 'r',
  number: 1,
  workflow: 'w',
  workflow_name: 'W',
  version: 1,
  status: 'queued',
  error: null,
  failure: null,
  failed_node: null,
  last_seq: 2,
  created_at: AT,
  graph: { nodes: [], edges: [{ id: 'a-b', source: 'a', target: 'b' }] },
  steps: [step('a'), step('b')],
} as unknown as Run

function stepEvent(seq: number, node: string, status: string, more: Partial<StepStatusEvent> = {}): RunEvent {
  return {
    type: 'step.status',
    seq,
    at: AT,
    node,
    status,
    attempt: 1,
    exit_code: null,
    error: null,
    failure: null,
    bytes_in: null,
    bytes_out: null,
    ...more,
  } as RunEvent
}

function folded(...events: RunEvent[]): RunState {
  return events.reduce(fold, fromRun(RUN))
}

describe('fold', () => {
  it('starts from what the server knew', () => {
    const state = fromRun(RUN)
    expect(state.order).toEqual(['a', 'b'])
    expect(state.edges['a-b']).toEqual({ bytes: 0, rate: 0, waits_for: null })
  })

  it('passes over events that came before, and tolerates gaps', () => {
    const state = folded(
      stepEvent(2, 'a', 'failed'),
      stepEvent(9, 'a', 'running'),
      stepEvent(9, 'a', 'failed'),
    )
    expect(state.steps.a?.status).toBe('running')
    expect(state.seq).toBe(9)
  })

  it('notes when a step began and when it ended', () => {
    const state = folded(
      stepEvent(3, 'a', 'running'),
      stepEvent(4, 'a', 'succeeded', { bytes_out: 7, exit_code: 0 }),
    )
    expect(state.steps.a).toMatchObject({ startedAt: AT, finishedAt: AT, bytesOut: 7, exitCode: 0 })
    expect(stepsDone(state)).toBe(1)
  })

  it('leaves what did not change as it was, so that it is not drawn again', () => {
    const before = folded(stepEvent(3, 'a', 'running'))
    const after = fold(before, stepEvent(4, 'a', 'succeeded'))
    expect(after.steps.b).toBe(before.steps.b)
    expect(after.edges).toBe(before.edges)
    expect(fold(after, stepEvent(4, 'b', 'running'))).toBe(after)
  })

  it('moves bytes through steps and pipes', () => {
    const state = folded({
      type: 'progress',
      seq: 5,
      at: AT,
      steps: { a: { bytes_in: 1, bytes_out: 2, fraction: 0.5 }, nobody: { bytes_in: 0, bytes_out: 0 } },
      edges: { 'a-b': { bytes: 2, rate: 8, waits_for: null } },
    })
    expect(state.steps.a).toMatchObject({ bytesIn: 1, bytesOut: 2, fraction: 0.5 })
    expect(state.edges['a-b']?.rate).toBe(8)
    expect(state.steps).not.toHaveProperty('nobody')
  })

  it('starts a new attempt with a clean sheet', () => {
    const state = folded(
      stepEvent(3, 'a', 'running'),
      { type: 'log', at: AT, node: 'a', from: 0, text: 'old\n' },
      stepEvent(4, 'a', 'queued', { attempt: 2 }),
    )
    expect(state.steps.a).toMatchObject({ attempt: 2, startedAt: null })
    expect(state.logs).not.toHaveProperty('a')
  })

  it('shows a piece of log once, however often it comes', () => {
    const piece: RunEvent = { type: 'log', at: AT, node: 'a', from: 0, text: 'one\n' }
    const state = folded(piece, piece, { ...piece, from: 4, text: 'two\n' })
    expect(state.logs.a?.text).toBe('one\ntwo\n')
    expect(withoutLogs(state).logs).toEqual({})
  })

  it('lets nothing flow where a tick names no movement', () => {
    const tick = (seq: number, edges: ProgressEvent['edges']): RunEvent => ({
      type: 'progress',
      seq,
      at: AT,
      steps: {},
      edges,
    })
    const flowing = folded(tick(5, { 'a-b': { bytes: 9, rate: 8, waits_for: null } }))
    expect(fold(flowing, tick(6, {})).edges['a-b']).toEqual({ bytes: 9, rate: 0, waits_for: null })
    expect(stilled(flowing).edges['a-b']?.rate).toBe(0)
    const still = stilled(flowing)
    expect(stilled(still)).toBe(still)
  })

  it('keeps what it knows of bytes where an event does not tell them', () => {
    const state = folded(
      stepEvent(3, 'a', 'running', { bytes_in: 5 }),
      stepEvent(4, 'a', 'succeeded', { bytes_out: 7 }),
    )
    expect(state.steps.a).toMatchObject({ bytesIn: 5, bytesOut: 7 })
  })

  it('counts on where an event is of a node that nobody knows', () => {
    const state = folded(stepEvent(3, 'nobody', 'running'), { ...stepEvent(2, 'a', 'failed') })
    expect(state).toMatchObject({ seq: 3 })
    expect(state.steps).toEqual(fromRun(RUN).steps)
  })

  it('ends with the run', () => {
    const failure = { kind: 'exit', message: 'It broke.', detail: '', log_tail: [] }
    const state = folded({
      type: 'run.status',
      seq: 8,
      at: AT,
      status: 'failed',
      error: 'It broke.',
      failure,
      failed_node: 'a',
    })
    expect(state).toMatchObject({ status: 'failed', failedNode: 'a', finishedAt: AT, failure })
  })
})

describe('nodeInQuestion', () => {
  const of = (status: string, failedNode: string | null, ...steps: string[]) =>
    nodeInQuestion({
      status,
      failedNode,
      order: ['a', 'b', 'c'],
      steps: Object.fromEntries(['a', 'b', 'c'].map((node, at) => [node, { status: steps[at] }])),
    } as unknown as RunState)

  it('is what failed, what needs somebody, or the first that works', () => {
    expect(of('failed', 'b', 'succeeded', 'failed', 'skipped')).toBe('b')
    expect(of('waiting', 'c', 'succeeded', 'succeeded', 'waiting')).toBe('c')
    expect(of('running', null, 'succeeded', 'running', 'running')).toBe('b')
    expect(of('succeeded', null, 'failed', 'succeeded', 'succeeded')).toBe('a')
  })

  it('is none where all went well, or nothing has begun', () => {
    expect(of('succeeded', null, 'succeeded', 'succeeded', 'succeeded')).toBeNull()
    expect(of('queued', null, 'queued', 'queued', 'queued')).toBeNull()
  })
})
