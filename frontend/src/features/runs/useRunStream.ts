import { useQueryClient } from '@tanstack/react-query'
import { WebSocket as ReconnectingSocket } from 'partysocket'
import { useEffect, useState } from 'react'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { runKeys } from '@/api/runs'
import type { Run } from '@/api/types'
import { isOver, readEvent } from './model/events'
import { fold, fromRun, type RunState } from './model/state'

export type RunStore = StoreApi<RunState>

const BAD_CURSOR = 4400
const NOT_SIGNED_IN = 4401
const NO_SUCH_RUN = 4404
/** Short breaks are nobody's business. */
const PATIENCE = 1500

/** The state of a run, kept up to date by its socket. `lost` while there is no connection. */
export function useRunStream(run: Run): { store: RunStore; lost: boolean; skew: number } {
  const [store] = useState(() => createStore<RunState>(() => fromRun(run)))
  const [lost, setLost] = useState(false)
  const [skew, setSkew] = useState(0)
  const queries = useQueryClient()

  useEffect(() => {
    if (isOver(store.getState().status)) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const address = () => {
      const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
      return `${scheme}://${window.location.host}/ws/runs/${run.id}/?after=${store.getState().seq}`
    }
    const socket = new ReconnectingSocket(address, undefined, {
      minReconnectionDelay: 300,
      maxReconnectionDelay: 5000,
    })
    socket.addEventListener('open', () => {
      clearTimeout(timer)
      setLost(false)
    })
    socket.addEventListener('message', message => {
      const event = readEvent(message.data)
      if (!event) return
      store.setState(fold(store.getState(), event), true)
      setSkew(Date.now() - Date.parse(event.at))
      if (event.type === 'run.status' && isOver(event.status)) {
        socket.close()
        void queries.invalidateQueries({ queryKey: runKeys.all })
      }
    })
    socket.addEventListener('close', closed => {
      if (isOver(store.getState().status)) return
      if ([BAD_CURSOR, NOT_SIGNED_IN, NO_SUCH_RUN].includes(closed.code)) {
        socket.close()
        // Reading the run anew says what is the matter, and starts from where it stands.
        void queries.resetQueries({ queryKey: runKeys.one(run.id) })
        return
      }
      timer ??= setTimeout(() => setLost(true), PATIENCE)
    })
    return () => {
      clearTimeout(timer)
      socket.close()
    }
  }, [run.id, store, queries])

  return { store, lost, skew }
}
