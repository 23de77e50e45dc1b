import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { json } from './http'
import type { Page, Step } from './types'

async function allSteps(signal?: AbortSignal): Promise<Step[]> {
  const steps: Step[] = []
  for (let page = 1; ; page += 1) {
    const answer = await json<Page<Step>>('/api/steps/', { query: { page, page_size: 200 }, signal })
    steps.push(...answer.results)
    if (!answer.next) return steps
  }
}

/** The whole library: some hundred entries at most, so it is fetched once and searched here. */
export function useSteps() {
  return useQuery({
    queryKey: ['steps'],
    queryFn: ({ signal }) => allSteps(signal),
    staleTime: 60_000,
  })
}

/** Steps by slug, the newest version of each. */
export function useStepsBySlug(): ReadonlyMap<string, Step> {
  const { data } = useSteps()
  return useMemo(() => new Map((data ?? []).map(step => [step.slug, step])), [data])
}

/** Steps that the server finds for these words (it also knows tags and descriptions). */
export function useStepSearch(search: string) {
  return useQuery({
    queryKey: ['steps', 'search', search],
    queryFn: ({ signal }) =>
      json<Page<Step>>('/api/steps/', { query: { search, page_size: 200 }, signal }).then(
        page => page.results,
      ),
    enabled: search.trim() !== '',
    staleTime: 60_000,
    placeholderData: before => before,
  })
}

export function useAddStep() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (manifest: unknown) => json<Step>('/api/steps/', { method: 'POST', body: manifest }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['steps'] }),
  })
}
