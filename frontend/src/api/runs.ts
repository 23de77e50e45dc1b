import { useQuery } from '@tanstack/react-query'
import { json } from './http'
import type { Page, Preview, Run, RunSummary } from './types'

export const runKeys = {
  all: ['runs'] as const,
  list: (filter: RunFilter) => ['runs', 'list', filter] as const,
  one: (id: string) => ['runs', 'one', id] as const,
}

export interface RunFilter {
  workflow?: string
  status?: string
  page?: number
  page_size?: number
}

export type Port = 'output' | 'input' | 'log'

export function useRuns(
  filter: RunFilter = {},
  options: { enabled?: boolean; refetchInterval?: number } = {},
) {
  return useQuery({
    queryKey: runKeys.list(filter),
    queryFn: ({ signal }) => json<Page<RunSummary>>('/api/runs/', { query: { ...filter }, signal }),
    ...options,
  })
}

export function useRun(id: string | undefined) {
  return useQuery({
    queryKey: runKeys.one(id ?? ''),
    queryFn: ({ signal }) => json<Run>(`/api/runs/${id}/`, { signal }),
    enabled: id !== undefined,
  })
}

/** Starts a run. Without `input` the workflow's own sample is used; a file goes as multipart. */
export function startRun(workflow: string, input?: string | File): Promise<{ id: string; status: string }> {
  let body: unknown = {}
  if (typeof input === 'string') body = { input }
  if (input instanceof File) {
    const form = new FormData()
    form.set('input', input)
    body = form
  }
  return json(`/api/workflows/${encodeURIComponent(workflow)}/runs/`, { method: 'POST', body })
}

export function cancelRun(id: string): Promise<Run> {
  return json(`/api/runs/${id}/cancel/`, { method: 'POST' })
}

export function retryRun(id: string, from?: string): Promise<Run> {
  return json(`/api/runs/${id}/retry/`, { method: 'POST', body: from ? { from } : {} })
}

/** Where a port's bytes can be downloaded. Without a node: what the run was given. */
export function downloadAddress(run: string, node: string | null, port: Port = 'output'): string {
  return node === null
    ? `/api/runs/${run}/input`
    : `/api/runs/${run}/steps/${encodeURIComponent(node)}/${port}`
}

export function fetchPreview(
  run: string,
  node: string | null,
  port: Port,
  range: { offset?: number; limit?: number } = {},
  signal?: AbortSignal,
): Promise<Preview> {
  const at = node === null ? `/api/runs/${run}` : `/api/runs/${run}/steps/${encodeURIComponent(node)}`
  return json<Preview>(`${at}/preview`, { query: { port: node === null ? 'input' : port, ...range }, signal })
}

/** What went through one port of a finished step, for a look. */
export function usePreview(
  run: string | undefined,
  node: string | null,
  port: Port = 'output',
  limit = 200,
  enabled = true,
) {
  return useQuery({
    queryKey: ['runs', 'preview', run, node, port, limit],
    queryFn: ({ signal }) => fetchPreview(run ?? '', node, port, { limit }, signal),
    enabled: enabled && run !== undefined,
    staleTime: 60_000,
    retry: false,
  })
}
