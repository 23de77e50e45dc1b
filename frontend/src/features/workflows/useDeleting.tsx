import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { deleteWorkflow, restoreWorkflow, workflowKeys } from '@/api/workflows'
import { complain } from '@/components/complain'

interface Doomed {
  id: string
  name: string
}

/** Deletes at once and offers the way back; the editor hands its own deletions over by the address's state. */
export function useDeleting() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { state } = useLocation()
  const remove = useCallback(
    async ({ id, name }: Doomed) => {
      const reload = () => client.invalidateQueries({ queryKey: workflowKeys.list })
      try {
        await deleteWorkflow(id)
        await reload()
      } catch (failure) {
        complain(failure)
        return
      }
      const notice = `deleted-${id}`
      const undo = () => {
        notifications.hide(notice)
        restoreWorkflow(id).then(reload, complain)
      }
      notifications.show({
        id: notice,
        autoClose: 12_000,
        message: (
          <span style={{ display: 'flex', alignItems: 'center', gap: 12 }}>
            <span style={{ flex: 1 }}>“{name}” is deleted.</span>
            <Button size="xs" variant="default" onClick={undo}>
              Undo
            </Button>
          </span>
        ),
      })
    },
    [client],
  )

  const handed = (state as { remove?: Doomed } | null)?.remove
  useEffect(() => {
    if (!handed) return
    void navigate('.', { replace: true, state: null })
    void remove(handed)
  }, [handed, navigate, remove])
  return { remove: (doomed: Doomed) => void remove(doomed) }
}
