import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { ApiError, sentence } from '@/api/errors'
import { runKeys, startRun } from '@/api/runs'
import { useParts } from '../context'

/** Saves what is still to be saved, starts a run and goes to its screen. */
export function useRunning() {
  const { id, autosave } = useParts()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)

  async function run(input?: string | File): Promise<boolean> {
    setBusy(true)
    try {
      await autosave.flush()
      const { phase, message } = autosave.state.getState()
      if (phase !== 'saved')
        throw new Error(message ?? 'Your last change is not saved yet. Try again in a moment.')
      const started = await startRun(id, input)
      void client.invalidateQueries({ queryKey: runKeys.all })
      await navigate(`/runs/${started.id}`)
      return true
    } catch (error) {
      if (error instanceof ApiError && error.problems.length > 0) {
        autosave.state.setState({ problems: error.problems })
      }
      notifications.show({ color: 'bad', title: 'It could not be started', message: sentence(error) })
      return false
    } finally {
      setBusy(false)
    }
  }
  return { run, busy }
}
