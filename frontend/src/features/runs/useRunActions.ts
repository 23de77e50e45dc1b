import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { sentence } from '@/api/errors'
import { cancelRun, retryRun } from '@/api/runs'
import { useRunView } from './context'

/** Stopping a run, and running it again, whole or from one step on. */
export function useRunActions() {
  const { run } = useRunView()
  const navigate = useNavigate()
  const complain = (error: unknown) => notifications.show({ color: 'bad', message: sentence(error) })
  const stop = useMutation({ mutationFn: () => cancelRun(run.id), onError: complain })
  const again = useMutation({
    mutationFn: (from?: string) => retryRun(run.id, from),
    onSuccess: made => navigate(`/runs/${made.id}`),
    onError: complain,
  })
  return {
    stop: () => stop.mutate(),
    stopping: stop.isPending || stop.isSuccess,
    again: (from?: string) => again.mutate(from),
    starting: again.isPending,
  }
}
