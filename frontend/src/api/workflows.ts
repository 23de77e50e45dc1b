import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { json, send } from './http'
import type { Graph, Page, Problem, Workflow, WorkflowInput, WorkflowSummary } from './types'

export const workflowKeys = {
  all: ['workflows'] as const,
  list: ['workflows', 'list'] as const,
  one: (id: string) => ['workflows', 'one', id] as const,
}

export interface WorkflowDraft {
  name?: string
  description?: string
  input?: WorkflowInput
  graph?: Graph
}

const path = (id: string) => `/api/workflows/${encodeURIComponent(id)}/`

async function allWorkflows(signal?: AbortSignal): Promise<WorkflowSummary[]> {
  const found: WorkflowSummary[] = []
  for (let page = 1; ; page += 1) {
    const answer = await json<Page<WorkflowSummary>>('/api/workflows/', {
      query: { page, page_size: 200 },
      signal,
    })
    found.push(...answer.results)
    if (!answer.next) return found
  }
}

export function useWorkflows() {
  return useQuery({ queryKey: workflowKeys.list, queryFn: ({ signal }) => allWorkflows(signal) })
}

export function fetchWorkflow(id: string, signal?: AbortSignal): Promise<Workflow> {
  return json<Workflow>(path(id), { signal })
}

/** Always fetched anew when a screen opens: the editor must not start from an old revision. */
export function useWorkflow(id: string) {
  return useQuery({
    queryKey: workflowKeys.one(id),
    queryFn: ({ signal }) => fetchWorkflow(id, signal),
    staleTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
}

export function createWorkflow(draft: WorkflowDraft): Promise<Workflow> {
  return json<Workflow>('/api/workflows/', { method: 'POST', body: draft })
}

export function useCreateWorkflow() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: createWorkflow,
    onSuccess: () => client.invalidateQueries({ queryKey: workflowKeys.all }),
  })
}

/** Saves what changed. `draft` lets unfinished settings through, so that nothing typed is refused. */
export function saveWorkflow(
  id: string,
  revision: number,
  draft: WorkflowDraft,
  options: { keepalive?: boolean } = {},
): Promise<Workflow> {
  return json<Workflow>(path(id), { method: 'PATCH', body: { ...draft, revision, draft: true }, ...options })
}

export function useDuplicateWorkflow() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => json<Workflow>(`${path(id)}duplicate/`, { method: 'POST' }),
    onSuccess: () => client.invalidateQueries({ queryKey: workflowKeys.all }),
  })
}

export function deleteWorkflow(id: string, options: { keepalive?: boolean } = {}): Promise<Response> {
  return send(path(id), { method: 'DELETE', ...options })
}

/** Takes a deletion back. */
export function restoreWorkflow(id: string): Promise<Response> {
  return send(`${path(id)}restore/`, { method: 'POST' })
}

export function validateWorkflow(id: string): Promise<{ ok: boolean; problems: Problem[] }> {
  return json(`${path(id)}validate/`, { method: 'POST' })
}

/** Makes a workflow from an exported file: YAML or JSON, told apart by the server. */
export function useImportWorkflow() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (text: string) => {
      const type = text.trimStart().startsWith('{') ? 'application/json' : 'application/yaml'
      return json<Workflow>('/api/workflows/import/', { method: 'POST', body: text, type })
    },
    onSuccess: () => client.invalidateQueries({ queryKey: workflowKeys.all }),
  })
}

export function exportAddress(id: string, as: 'yaml' | 'shell'): string {
  return `${path(id)}export/?as=${as}`
}
