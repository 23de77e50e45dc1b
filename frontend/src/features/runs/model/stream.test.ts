import type { WebSocket as ReconnectingSocket } from 'partysocket'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { Run } from '@/api/types'
import { fromRun, type RunState } from './state'
import { follow, type RunStore } from './stream'

/** A socket whose other end is the test. */
class FakeSocket extends EventTarget {
  static last: FakeSocket
  closed = false
  constructor(readonly address: () => string) {
    super()
    FakeSocket.last = this
  }
  close() {
    this.closed = true
  }
  open() {
    this.dispatchEvent(new Event('open'))
  }
  tell(...events: object[]) {
    for (const event of events) {
      this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify({ at: AT, ...event }) }))
    }
  }
  drop(code = 1006) {
    this.dispatchEvent(Object.assign(new Event('close'), { code }))
  }
}

const AT = '2026-01-02T03:04:05Z'
const step = (node: string) => ({
  node,
  title: node,
  step: 's',
  status: 'queued',
  error: null,
  failure: null,
})
const RUN = {
  id: 'r',
  status: 'running',
  last_seq: 4,
  graph: { nodes: [], edges: [{ id: 'a-b', source: 'a', target: 'b' }] },
  steps: [step('a'), step('b')],
} as unknown as Run

const status = (seq: number, node: string, of: string) => ({
  type: 'step.status',
  seq,
  node,
  status: of,
  attempt: 1,
})
const hearers = { onLost: vi.fn(), onOver: vi.fn(), onRefused: vi.fn() }
let store: RunStore
let draws: number
let stop: () => void

beforeEach(() => {
  vi.useFakeTimers()
  vi.clearAllMocks()
  draws = 0
  store = createStore<RunState>(() => fromRun(RUN))
  store.subscribe(() => {
    draws += 1
  })
  stop = follow('r', store, hearers, FakeSocket as unknown as typeof ReconnectingSocket)
})

afterEach(() => {
  stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('follow', () => {
  it('goes on from the last event it knows, also after a break', () => {
    const socket = FakeSocket.last
    expect(socket.address()).toMatch(/\/ws\/runs\/r\/\?after=4$/)
    socket.open()
    socket.tell(status(5, 'a', 'running'))
    vi.advanceTimersByTime(20)
    socket.drop()
    expect(socket.address()).toMatch(/after=5$/)
  })

  it('draws once what comes at once', () => {
    FakeSocket.last.open()
    const many = Array.from({ length: 300 }, (_, at) => status(5 + at, at % 2 ? 'a' : 'b', 'running'))
    FakeSocket.last.tell(...many)
    vi.advanceTimersByTime(20)
    expect(store.getState().seq).toBe(304)
    expect(draws).toBe(1)
  })

  it('says that the connection is lost after a while, and when it is back', () => {
    FakeSocket.last.open()
    FakeSocket.last.drop()
    vi.advanceTimersByTime(1000)
    expect(hearers.onLost).not.toHaveBeenCalledWith(true)
    vi.advanceTimersByTime(1000)
    expect(hearers.onLost).toHaveBeenLastCalledWith(true)
    FakeSocket.last.open()
    expect(hearers.onLost).toHaveBeenLastCalledWith(false)
  })

  it('asks for the events while there is no socket', async () => {
    const asked = vi.fn(async (_address: string) =>
      Response.json({ events: [{ at: AT, ...status(7, 'a', 'running') }], last: 7 }),
    )
    vi.stubGlobal('fetch', asked)
    FakeSocket.last.drop()
    await vi.advanceTimersByTimeAsync(7000)
    expect(asked.mock.calls[0]?.[0]).toBe('/api/runs/r/events/?after=4&limit=500')
    expect(store.getState().steps.a?.status).toBe('running')
  })

  it('forgets the logs at a new connection, as they are told again', () => {
    FakeSocket.last.open()
    FakeSocket.last.tell({ type: 'log', node: 'a', from: 0, text: 'one\n' })
    vi.advanceTimersByTime(20)
    expect(store.getState().logs.a?.text).toBe('one\n')
    FakeSocket.last.drop()
    FakeSocket.last.open()
    expect(store.getState().logs).toEqual({})
  })

  it('lets nothing flow when nothing is heard', () => {
    FakeSocket.last.open()
    const edges = { 'a-b': { bytes: 5, rate: 9, waits_for: null } }
    FakeSocket.last.tell({ type: 'progress', seq: 5, steps: {}, edges })
    vi.advanceTimersByTime(20)
    expect(store.getState().edges['a-b']?.rate).toBe(9)
    vi.advanceTimersByTime(2000)
    expect(store.getState().edges['a-b']).toEqual({ bytes: 5, rate: 0, waits_for: null })
  })

  it('ends with the run', () => {
    FakeSocket.last.open()
    FakeSocket.last.tell({
      type: 'run.status',
      seq: 5,
      status: 'succeeded',
      failure: null,
      failed_node: null,
    })
    vi.advanceTimersByTime(20)
    expect(hearers.onOver).toHaveBeenCalledOnce()
    expect(FakeSocket.last.closed).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([4400, 4401, 4404])('has the run read anew when the server refuses with %i', code => {
    FakeSocket.last.drop(code)
    expect(hearers.onRefused).toHaveBeenCalledOnce()
    expect(FakeSocket.last.closed).toBe(true)
    vi.advanceTimersByTime(5000)
    expect(hearers.onLost).not.toHaveBeenCalledWith(true)
  })

  it('passes over what it cannot read', () => {
    FakeSocket.last.open()
    const before = store.getState()
    FakeSocket.last.dispatchEvent(new MessageEvent('message', { data: '{' }))
    FakeSocket.last.dispatchEvent(new MessageEvent('message', { data: 'null' }))
    FakeSocket.last.tell({ type: 'weather', seq: 9 })
    vi.advanceTimersByTime(20)
    expect(store.getState()).toBe(before)
  })
})
