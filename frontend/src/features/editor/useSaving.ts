import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { awaitedBy, workflowKeys } from '@/api/workflows'
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
    // What is kept nowhere but on this page is not left without a word.
    const leaving = (event: BeforeUnloadEvent) => {
      if (autosave.isDirty() && !autosave.state.getState().kept) event.preventDefault()
    }
    window.addEventListener('beforeunload', leaving)
    window.addEventListener('online', now)
    window.addEventListener('focusout', now)
    window.addEventListener('pagehide', now)
    document.addEventListener('visibilitychange', hidden)
    return () => {
      window.removeEventListener('beforeunload', leaving)
      window.removeEventListener('online', now)
      window.removeEventListener('focusout', now)
      window.removeEventListener('pagehide', now)
      document.removeEventListener('visibilitychange', hidden)
      const saving = autosave.flush().then(() => {
        autosave.stop()
        void client.invalidateQueries({ queryKey: workflowKeys.list })
      })
      // At once: later it would throw away what a new page of the same workflow has asked for meanwhile.
      client.removeQueries({ queryKey: workflowKeys.one(id) })
      // Also the save that comes after one that is under way; a new page must see what both bring.
      awaitedBy(id, saving)
    }
  }, [autosave, client, id])
}
