import { describe, expect, it } from 'vitest'
import type { GraphEdge, Run, Status, StepRun, Way } from '@/api/types'
import {
  afterBytes,
  flowAfter,
  flowIn,
  flowInto,
  lastSteps,
  notTaken,
  pace,
  wasSeenTo,
  whySkipped,
  worksBesides,
} from './flow'
import { fold, fromRun } from './state'

function flow(status: Status, bytes_out: number | null, run: Status = 'running') {
  const steps = [
    { node: 'a', title: 'a', step: 's', status, attempt: 1, bytes_out, error: null, failure: null },
  ]
  return flowAfter(
    fromRun({ id: 'r', status: run, steps, graph: { nodes: [], edges: [] } } as unknown as Run),
    'a',
  )
}

describe('flowAfter', () => {
  it('flows while a step writes, and waits before it does', () => {
    expect(flow('running', 5)).toBe('flowing')
    expect(flow('running', 0)).toBe('waiting')
    expect(flow('queued', null)).toBe('waiting')
    expect(flow('preparing', null)).toBe('waiting')
  })

  it('is full behind a step that gave something, and empty behind any other', () => {
    expect(flow('succeeded', 5)).toBe('full')
    expect(flow('succeeded', 0)).toBe('empty')
    expect(flow('failed', 5)).toBe('empty')
    expect(flow('skipped', null, 'failed')).toBe('empty')
    expect(flow('canceled', null, 'canceled')).toBe('empty')
  })

  it('is full behind what the run was given', () => {
    const run = { id: 'r', status: 'queued', steps: [], graph: { nodes: [], edges: [] } } as unknown as Run
    expect(flowAfter(fromRun(run), null)).toBe('full')
  })
})

describe('afterBytes', () => {
  it('never lets a part pass for the whole', () => {
    expect(afterBytes('running')).toBe('so far')
    expect(afterBytes('failed')).toBe('before it failed')
    expect(afterBytes('canceled')).toBe('before it was stopped')
  })
})

const EDGES: GraphEdge[] = [
  { id: 'big', source: 'keep', target: 'chart' },
  { id: 'else', source: 'keep', target: 'mail', rule: { else: true } },
  { id: 'oops', source: 'keep', target: 'tell', when: 'failure' },
]
const TAKEN: Way = { taken: true, why: '' }

/** A run of keep, chart, mail and tell. */
function state(
  statuses: Partial<Record<string, Status>>,
  ways: Record<string, Way> = {},
  about: Partial<Run> = {},
) {
  const steps = ['keep', 'chart', 'mail', 'tell'].map(node => ({
    node,
    title: `The ${node}`,
    step: 's',
    status: statuses[node] ?? 'queued',
    note: statuses[node] === 'skipped' ? 'total is 800' : '',
    attempt: 1,
    bytes_out: 5,
    ways: node === 'keep' ? ways : {},
  })) as unknown as StepRun[]
  const graph = { nodes: steps.map(({ node }) => ({ id: node, step: 's', params: {} })), edges: EDGES }
  return fromRun({ id: 'r', status: 'running', steps, graph, streams: [], ...about } as unknown as Run)
}
const [BIG, , OOPS] = EDGES as [GraphEdge, GraphEdge, GraphEdge]

describe('ways', () => {
  it('that are not taken are closed, and say why', () => {
    const now = state({ keep: 'succeeded', chart: 'skipped' }, { big: { taken: false, why: 'total is 800' } })
    expect(flowIn(now, BIG)).toBe('closed')
    expect(notTaken(now, 'big')).toBe('Not taken: total is 800')
    expect(whySkipped(now, 'chart')).toBe('Not taken: total is 800')
    expect(notTaken(now, 'else')).toBeNull()
  })

  it('that are not decided yet wait', () => {
    expect(flowIn(state({ keep: 'running' }), OOPS)).toBe('flowing')
    expect(notTaken(state({}), 'big')).toBeNull()
  })

  it('that are taken after a failure carry what there was, and the failure was seen to', () => {
    const now = state({ keep: 'failed', tell: 'succeeded' }, { oops: TAKEN })
    expect(flowIn(now, OOPS)).toBe('full')
    expect(wasSeenTo(now, 'keep', EDGES)).toBe(true)
    expect(wasSeenTo(state({ keep: 'failed' }), 'keep', EDGES)).toBe(false)
  })

  it('are learned while the run goes on', () => {
    const event = { type: 'step.status', seq: 9, at: '', node: 'keep', status: 'succeeded', attempt: 1 }
    const after = fold(state({ keep: 'running' }), { ...event, ways: { big: TAKEN } } as never)
    expect(after.ways.big?.taken).toBe(true)
  })
})

describe('lastSteps', () => {
  const closed: Way = { taken: false, why: 'x' }

  it('are those that ran and after which nothing ran', () => {
    const ways = { big: TAKEN, else: closed, oops: closed }
    const now = state({ keep: 'succeeded', chart: 'succeeded', mail: 'skipped', tell: 'skipped' }, ways)
    expect(lastSteps(now, EDGES)).toEqual(['chart'])
    const none = state(
      { keep: 'succeeded', chart: 'skipped', mail: 'skipped', tell: 'skipped' },
      { big: closed, else: closed, oops: closed },
    )
    expect(lastSteps(none, EDGES)).toEqual(['keep'])
  })

  it('may be several', () => {
    const now = state(
      { keep: 'succeeded', chart: 'succeeded', mail: 'succeeded' },
      { big: TAKEN, else: TAKEN },
    )
    expect(lastSteps(now, EDGES)).toEqual(['chart', 'mail'])
  })
})

describe('streams', () => {
  const now = state({ keep: 'running', chart: 'running' }, {}, { streams: ['big'] })
  const moving = (flows: { rate: number; waits_for: string | null }) => {
    const edges = { big: { bytes: 9, ...flows } }
    return fold(now, { type: 'progress', seq: 5, at: '', steps: {}, edges })
  }

  it('say how fast they are, or who keeps them waiting', () => {
    expect(pace(moving({ rate: 46_000_000, waits_for: null }), BIG)).toBe('46\u00a0MB/s')
    expect(pace(moving({ rate: 0, waits_for: 'reader' }), BIG)).toBe('waits for The chart')
    expect(pace(moving({ rate: 0, waits_for: 'writer' }), BIG)).toBe('waits for data')
    expect(pace(moving({ rate: 0, waits_for: null }), BIG)).toBeNull()
  })

  it('let both their steps work at once', () => {
    expect(worksBesides(now, EDGES, 'chart')).toBe('The keep')
    expect(worksBesides(state({ keep: 'running', chart: 'running' }), EDGES, 'chart')).toBeNull()
  })
})

describe('flowInto', () => {
  it('is as lively as the liveliest of the pipes that meet', () => {
    const step = (node: string, status: Status, ways = {}) =>
      ({ node, title: node, step: 's', status, bytes_out: 5, ways }) as unknown as StepRun
    const closed = step('a', 'succeeded', { 'a-c': { taken: false, why: '' } })
    const edges = ['a', 'b'].map(source => ({ id: `${source}-c`, source, target: 'c' }))
    const into = (...steps: StepRun[]) =>
      flowInto(
        fromRun({ id: 'r', status: 'running', steps, graph: { nodes: [], edges } } as unknown as Run),
        edges,
      )
    expect(into(closed, step('b', 'succeeded'))).toBe('full')
    expect(into(step('a', 'running'), step('b', 'succeeded'))).toBe('flowing')
    expect(into(closed, step('b', 'queued'))).toBe('waiting')
  })
})
