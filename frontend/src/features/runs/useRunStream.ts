import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { createStore } from 'zustand/vanilla'
import { runKeys } from '@/api/runs'
import type { Run } from '@/api/types'
import { isOver } from './model/events'
import { fromRun, type RunState } from './model/state'
import { follow, type RunStore } from './model/stream'

/** The state of a run, kept up to date by its socket. `lost` while there is no connection. */
export function useRunStream(run: Run): { store: RunStore; lost: boolean } {
  const [store] = useState(() => createStore<RunState>(() => fromRun(run)))
  const [lost, setLost] = useState(false)
  const queries = useQueryClient()
  useEffect(() => {
    if (isOver(store.getState().status)) return
    return follow(run.id, store, {
      onLost: setLost,
      onOver: () => {
        setLost(false)
        void queries.invalidateQueries({ queryKey: runKeys.all })
      },
      // Reading the run anew says what is the matter, and starts from where it stands.
      onRefused: () => void queries.resetQueries({ queryKey: runKeys.one(run.id) }),
    })
  }, [run.id, store, queries])
  return { store, lost }
}
