import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { ApiError, sentence } from '@/api/errors'
import { runKeys, startRun } from '@/api/runs'
import { freshKey } from '@/lib/freshKey'
import { useDocument, useParts } from '../context'
import { saveFirst } from '../saveFirst'

/**
 * Saves what is still to be saved, starts a run and goes to its screen. `start` asks first where the workflow has no
 * example to start with; then the caller's RunDialog is opened.
 */
export function useRunning() {
  const { id, autosave } = useParts()
  const navigate = useNavigate()
  const client = useQueryClient()
  const input = useDocument(document => document.input)
  const [busy, setBusy] = useState(false)
  const [asking, setAsking] = useState(false)
  const hasSample = input.kind === 'none' || input.sample !== ''

  async function run(input?: string | File): Promise<boolean> {
    setBusy(true)
    try {
      await saveFirst(autosave)
      const [refused] = autosave.refused()
      if (refused) throw new Error(refused.message)
      const started = await startRun(id, freshKey(), input)
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
  return {
    busy,
    hasSample,
    start: () => (hasSample ? void run() : setAsking(true)),
    ask: () => setAsking(true),
    dialog: { opened: asking, onClose: () => setAsking(false), input, run, busy },
  }
}
