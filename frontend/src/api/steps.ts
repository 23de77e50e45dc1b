import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, data, everything } from './client'
import type { Step } from './types'

/** The whole library: some hundred entries at most, so it is fetched once and searched here. */
export function useSteps() {
  return useQuery({
    queryKey: ['steps'],
    queryFn: ({ signal }) =>
      everything(page =>
        data(api.GET('/api/steps/', { params: { query: { page, page_size: 200 } }, signal })),
      ),
    staleTime: 60_000,
  })
}

/** Steps by slug, the newest version of each. */
export function useStepsBySlug(): ReadonlyMap<string, Step> {
  const { data: steps } = useSteps()
  return useMemo(() => new Map((steps ?? []).map(step => [step.slug, step])), [steps])
}

export function useAddStep() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (manifest: Record<string, unknown>) => data(api.POST('/api/steps/', { body: manifest })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['steps'] }),
  })
}
