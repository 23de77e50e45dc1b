import { describe, expect, it } from 'vitest'
import type { Run, Status } from '@/api/types'
import { afterBytes, flowAfter } from './flow'
import { fromRun } from './state'

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
