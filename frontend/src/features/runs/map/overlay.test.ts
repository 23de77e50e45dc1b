import { describe, expect, it, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { Preview, Run, Status, StepRun } from '@/api/types'
import { inputPipe } from '@/canvas/given'
import { fold, fromRun } from '../model/state'
import { runOverlay } from './overlay'

const step = (node: string, status: Status, bytes_out: number | null = null) =>
  ({ node, title: node, step: 'cat', status, attempt: 1, bytes_out, error: null, failure: null }) as StepRun

function run(steps: StepRun[], status: Status = 'running'): Run {
  const nodes = steps.map(({ node }) => ({ id: node, step: 'cat', params: {} }))
  const edges = nodes
    .slice(1)
    .map((node, at) => ({ id: `e${at}`, source: nodes[at]?.id ?? '', target: node.id }))
  return {
    id: 'r',
    status,
    steps,
    graph: { nodes, edges },
    input: { kind: 'text', name: '', bytes: 12 },
  } as Run
}

describe('runOverlay', () => {
  it('says what went through each pipe, also from the run’s input', () => {
    const of = run([step('a', 'succeeded', 2400), step('b', 'running', 61_000), step('c', 'queued')])
    const overlay = runOverlay(
      of,
      createStore(() => fromRun(of)),
    )
    expect([overlay.words('e0'), overlay.words('e1')]).toEqual(['2.4\u00a0KB', '61\u00a0KB'])
    expect(overlay.words(inputPipe('a'))).toBe('12\u00a0B')
    expect(overlay.flow(inputPipe('a'))).toBe('full')
    expect(overlay.status('b')).toBe('running')
  })

  it('says what the data is as soon as somebody has looked', () => {
    const of = run([step('a', 'succeeded', 2400), step('b', 'running', 10), step('c', 'queued')])
    const table = { kind: 'table', total_rows: 3 } as Preview
    const looks = new Map([
      ['', table],
      ['e0', table],
      ['e1', table],
    ])
    const overlay = runOverlay(
      of,
      createStore(() => fromRun(of)),
      new Map(),
      looks,
    )
    expect([inputPipe('a'), 'e0', 'e1'].map(overlay.words)).toEqual(['3 rows', '3 rows', '10\u00a0B'])
    expect(['e0', 'e1'].map(pipe => overlay.kind?.(pipe))).toEqual(['table', null])
  })

  it('tells its listeners when the run moves', () => {
    const of = run([step('a', 'running', 0), step('b', 'queued')])
    const store = createStore(() => fromRun(of))
    const overlay = runOverlay(of, store)
    const heard = vi.fn()
    const leave = overlay.subscribe(heard)
    const steps = { a: { bytes_in: 0, bytes_out: 7 } }
    store.setState(fold(store.getState(), { type: 'progress', seq: 1, at: '', steps, edges: {} }), true)
    expect(heard).toHaveBeenCalledOnce()
    expect(overlay.words('e0')).toBe('7\u00a0B')
    leave()
    store.setState(fold(store.getState(), { type: 'progress', seq: 2, at: '', steps, edges: {} }), true)
    expect(heard).toHaveBeenCalledOnce()
  })

  it('does not say of a further output how much came out otherwise', () => {
    const of = run([step('a', 'succeeded', 2400), step('b', 'running')])
    const edges = of.graph.edges.map(edge => ({ ...edge, output: 'rest' }))
    const further = { ...of, graph: { ...of.graph, edges } }
    const overlay = runOverlay(
      further,
      createStore(() => fromRun(further)),
    )
    expect(overlay.words('e0')).toBeNull()
  })

  it('says why a way was not taken, and before that is known when it is', () => {
    const ways = { e0: { taken: false, why: 'total is 800' } }
    const rule = { all: [{ field: 'total', test: 'greater' as const, value: 1000 }] }
    const of = run([step('a', 'running', 0), step('b', 'queued')])
    const edges = of.graph.edges.map(edge => ({ ...edge, rule }))
    const before = { ...of, graph: { ...of.graph, edges } }
    const asked = runOverlay(
      before,
      createStore(() => fromRun(before)),
    )
    expect(asked.words('e0')).toBe('total is greater than 1,000')
    const steps = [
      { ...step('a', 'succeeded', 5), ways },
      { ...step('b', 'skipped'), note: 'total is 800' },
    ]
    const after = { ...before, steps } as Run
    const decided = runOverlay(
      after,
      createStore(() => fromRun(after)),
    )
    expect([decided.words('e0'), decided.line?.('b')]).toEqual(['Not taken', 'Not taken: total is 800'])
    expect(decided.flow('e0')).toBe('closed')
  })
})
