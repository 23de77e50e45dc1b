import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, data } from './client'
import { ApiError } from './errors'
import { json } from './http'
import type { Preview, Run, Status } from './types'

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
    queryFn: ({ signal }) => {
      const query = filter as RunFilter & { status?: Status }
      return data(api.GET('/api/runs/', { params: { query }, signal }))
    },
    // Turning a page does not empty the screen.
    placeholderData: before => before,
    ...options,
  })
}

export function fetchRun(id: string, signal?: AbortSignal): Promise<Run> {
  return data(api.GET('/api/runs/{run_id}/', { params: { path: { run_id: id } }, signal })) as Promise<Run>
}

export function useRun(id: string | undefined) {
  return useQuery({
    queryKey: runKeys.one(id ?? ''),
    queryFn: ({ signal }) => fetchRun(id ?? '', signal),
    enabled: id !== undefined,
  })
}

/**
 * Starts a run. Without `input` the workflow's own sample is used; a file goes as multipart. However often a request
 * with the same `key` arrives, it is one run.
 */
export function startRun(
  workflow: string,
  key: string,
  input?: string | File,
): Promise<{ id: string; status: Status }> {
  const headers = { 'Idempotency-Key': key }
  if (input instanceof File) {
    const body = new FormData()
    body.set('input', input)
    const address = `/api/workflows/${encodeURIComponent(workflow)}/runs/`
    return onceMore(() => json<Run>(address, { method: 'POST', body, headers }))
  }
  const params = { path: { workflow_id: workflow }, header: headers }
  const body = input === undefined ? {} : { input }
  return onceMore(() => data(api.POST('/api/workflows/{workflow_id}/runs/', { params, body })))
}

/** What got no answer may have arrived all the same: where that does no harm, it is asked a second time. */
async function onceMore<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof ApiError && error.status === 0) return ask()
    throw error
  }
}

export function cancelRun(id: string): Promise<Run> {
  return data(api.POST('/api/runs/{run_id}/cancel/', { params: { path: { run_id: id } } })) as Promise<Run>
}

export function retryRun(id: string, from?: string): Promise<Run> {
  const body = from ? { from } : {}
  return data(
    api.POST('/api/runs/{run_id}/retry/', { params: { path: { run_id: id } }, body }),
  ) as Promise<Run>
}

/**
 * Where a port's bytes can be downloaded. Without a node: what the run was given. `of` names a further output, or of
 * several pipes into a step the one that is meant.
 */
export function downloadAddress(
  run: string,
  node: string | null,
  port: Port = 'output',
  of?: string,
): string {
  if (node === null) return `/api/runs/${run}/input`
  const query = of === undefined ? '' : `?of=${encodeURIComponent(of)}`
  return `/api/runs/${run}/steps/${encodeURIComponent(node)}/${port}${query}`
}

/** The same address, to be kept as a file. */
export function asFile(address: string): string {
  return `${address}${address.includes('?') ? '&' : '?'}download=1`
}

export function fetchPreview(
  run: string,
  node: string | null,
  port: Port,
  range: { offset?: number; limit?: number; of?: string | undefined } = {},
  signal?: AbortSignal,
): Promise<Preview> {
  if (node === null) {
    const { of: _of, ...rest } = range
    const params = { path: { run_id: run }, query: { port: 'input' as const, ...rest } }
    return data(api.GET('/api/runs/{run_id}/preview', { params, signal }))
  }
  const { of, ...rest } = range
  const query = of === undefined ? { port, ...rest } : { port, of, ...rest }
  const params = { path: { run_id: run, node }, query }
  return data(api.GET('/api/runs/{run_id}/steps/{node}/preview', { params, signal }))
}

/** What went through one port of a finished step, as a query: one look serves all who ask for the same. */
export function previewQuery(
  run: string | undefined,
  node: string | null,
  port: Port = 'output',
  limit = 200,
  of?: string,
) {
  return queryOptions({
    queryKey: ['runs', 'preview', run, node, port, limit, of ?? ''],
    queryFn: ({ signal }) => fetchPreview(run ?? '', node, port, { limit, of }, signal),
    staleTime: 60_000,
    retry: false,
  })
}

/** What went through one port of a finished step, for a look. */
export function usePreview(
  run: string | undefined,
  node: string | null,
  port: Port = 'output',
  limit = 200,
  enabled = true,
  of?: string,
) {
  return useQuery({ ...previewQuery(run, node, port, limit, of), enabled: enabled && run !== undefined })
}
