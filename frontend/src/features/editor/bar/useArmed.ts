import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Workflow } from '@/api/types'
import { fetchWorkflow } from '@/api/workflows'
import { useParts } from '../context'

/** How many runs of a workflow are to stand ready, and how many do. */
export interface Armed {
  runs: number
  /** Absent where the server does not say. */
  ready: number | null
  bytes: number | null
}

export function armedOf({ armed, armed_ready, armed_cost }: Workflow): Armed {
  return { runs: armed, ready: armed_ready ?? null, bytes: armed_cost ?? null }
}

export const armedKey = (workflow: string) => ['workflows', 'armed', workflow] as const

const EVERY = 5000 // ms between two looks while runs are being made ready

/** Keeping a workflow ready to start at once. */
export function useArmed() {
  const { id, autosave, armed } = useParts()
  const client = useQueryClient()
  const key = armedKey(id)
  const { data } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => fetchWorkflow(id, signal).then(armedOf),
    initialData: armed,
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) => (state.data && state.data.runs > 0 ? EVERY : false),
  })
  const change = useMutation({
    mutationFn: (runs: number) => autosave.also({ armed: runs }),
    onSuccess: workflow => client.setQueryData(key, armedOf(workflow)),
  })
  return { armed: data, change }
}
