import { useMutation } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useNavigate } from 'react-router'
import { cancelRun, retryRun } from '@/api/runs'
import type { Run } from '@/api/types'
import { complain } from '@/components/complain'

export interface RunActions {
  /** Absent where the run is over, is being stopped already, or is not the person's to stop. */
  stop: (() => void) | null
  stopping: boolean
  /** Runs it again, whole or from one step on; absent for those who may not start runs. */
  again: ((from?: string) => void) | null
  starting: boolean
}

/** Stopping a run, and running it again: once for the whole screen, so that all of its buttons say the same. */
export function useRunActions(run: Run): RunActions {
  const navigate = useNavigate()
  const stopping = useMutation({ mutationFn: () => cancelRun(run.id), onError: complain })
  const starting = useMutation({
    mutationFn: (from?: string) => retryRun(run.id, from),
    onSuccess: made => navigate(`/runs/${made.id}`),
    onError: complain,
  })
  const { mutate: stop } = stopping
  const { mutate: again } = starting
  const isStopping = stopping.isPending || stopping.isSuccess
  const isStarting = starting.isPending
  const { cancel, retry } = run.can
  return useMemo(
    () => ({
      stop: cancel ? () => stop() : null,
      stopping: isStopping,
      again: retry ? from => again(from) : null,
      starting: isStarting,
    }),
    [cancel, retry, stop, again, isStopping, isStarting],
  )
}
