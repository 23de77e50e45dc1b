import { WebSocket as ReconnectingSocket } from 'partysocket'
import type { StoreApi } from 'zustand/vanilla'
import { json } from '@/api/http'
import { heardMessage } from '@/lib/serverClock'
import { isOver, type RunEvent, readEvent } from './events'
import { fold, type RunState, stilled, withoutLogs } from './state'

export type RunStore = StoreApi<RunState>

export interface Hearers {
  /** There is no connection, and has not been for a while; or there is one again. */
  onLost: (lost: boolean) => void
  /** Nothing more will come. */
  onOver: () => void
  /** The server will not tell from here: the run has to be read anew. */
  onRefused: () => void
}

/** Bad cursor, not signed in, no such run. */
const REFUSALS = [4400, 4401, 4404]
/** Short breaks are nobody's business. */
const PATIENCE = 1500
/** What comes within a frame is drawn at once. */
const FRAME = 16
/** Without news for so long, nothing flows. */
const STILL = 1500
/** While there is no socket, events are asked for. */
const ASK_EVERY = 5000

/** Keeps the store at what the run's socket tells, through breaks of the connection. Returns how to stop. */
export function follow(
  run: string,
  store: RunStore,
  hearers: Hearers,
  Socket = ReconnectingSocket,
): () => void {
  const came: RunEvent[] = []
  let drawing: ReturnType<typeof setTimeout> | undefined
  let stilling: ReturnType<typeof setTimeout> | undefined
  let losing: ReturnType<typeof setTimeout> | undefined
  let asking: ReturnType<typeof setInterval> | undefined
  let opened = false

  const draw = () => {
    drawing = undefined
    const before = store.getState()
    const after = came.splice(0).reduce(fold, before)
    if (after !== before) store.setState(after, true)
    clearTimeout(stilling)
    stilling = setTimeout(() => store.setState(stilled(store.getState()), true), STILL)
    if (isOver(after.status)) {
      stop()
      hearers.onOver()
    }
  }
  const hear = (event: RunEvent) => {
    came.push(event)
    drawing ??= setTimeout(draw, FRAME)
  }
  const ask = () =>
    json<{ events: RunEvent[] }>(`/api/runs/${run}/events/`, {
      query: { after: store.getState().seq, limit: 500 },
    }).then(
      answer => answer.events.forEach(hear),
      () => {}, // The server is away as well: the screen says so already.
    )

  const lost = () => {
    hearers.onLost(true)
    asking ??= setInterval(ask, ASK_EVERY)
  }
  const found = () => {
    clearTimeout(losing)
    clearInterval(asking)
    losing = asking = undefined
    hearers.onLost(false)
    // Logs of running steps are told again from their beginning.
    if (opened) store.setState(withoutLogs(store.getState()), true)
    opened = true
  }

  const socket = new Socket(() => address(run, store.getState().seq), undefined, {
    minReconnectionDelay: 300,
    maxReconnectionDelay: 5000,
  })
  const stop = () => {
    for (const each of [drawing, stilling, losing]) clearTimeout(each)
    clearInterval(asking)
    socket.close()
  }
  socket.addEventListener('open', found)
  socket.addEventListener('message', message => {
    const event = readEvent(message.data)
    if (!event) return
    heardMessage(event.at)
    hear(event)
  })
  socket.addEventListener('close', closed => {
    if (REFUSALS.includes(closed.code)) {
      stop()
      hearers.onRefused()
    } else if (!isOver(store.getState().status)) losing ??= setTimeout(lost, PATIENCE)
  })
  return stop
}

function address(run: string, after: number): string {
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
  return `${scheme}://${window.location.host}/ws/runs/${run}/?after=${after}`
}
