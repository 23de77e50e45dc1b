import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { workflowKeys } from '@/api/workflows'
import { useParts } from './context'

export function useSaveState() {
  return useStore(useParts().autosave.state)
}

/** Saves at once whenever the person turns away: another field, another tab, another page. */
export function useFlushing(): void {
  const { autosave, id } = useParts()
  const client = useQueryClient()
  useEffect(() => {
    const now = () => void autosave.flush()
    const hidden = () => {
      if (document.visibilityState === 'hidden') now()
    }
    window.addEventListener('online', now)
    window.addEventListener('focusout', now)
    window.addEventListener('pagehide', now)
    document.addEventListener('visibilitychange', hidden)
    return () => {
      window.removeEventListener('online', now)
      window.removeEventListener('focusout', now)
      window.removeEventListener('pagehide', now)
      document.removeEventListener('visibilitychange', hidden)
      void autosave.flush().then(() => {
        autosave.stop()
        client.removeQueries({ queryKey: workflowKeys.one(id) })
        void client.invalidateQueries({ queryKey: workflowKeys.list })
      })
    }
  }, [autosave, client, id])
}
