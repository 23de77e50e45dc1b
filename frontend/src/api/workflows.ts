import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, data, everything } from './client'
import { send } from './http'
import type { Graph, GraphNode, Workflow, WorkflowInput, WorkflowSummary } from './types'

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
  /** How many runs are kept ready to start at once. */
  armed?: number
}

type Answered = Omit<Workflow, 'graph'> & { graph: { nodes: unknown[]; edges: unknown[] } }

/** Every node has settings, also where a program left them out. */
function asWorkflow(answer: unknown): Workflow {
  const { graph, ...rest } = answer as Answered
  const nodes = (graph.nodes as GraphNode[]).map(node => (node.params ? node : { ...node, params: {} }))
  return { ...rest, graph: { nodes, edges: graph.edges as Graph['edges'] } }
}

const at = (id: string) => ({ path: { workflow_id: id } })

function allWorkflows(signal?: AbortSignal): Promise<WorkflowSummary[]> {
  const found = everything(page =>
    data(api.GET('/api/workflows/', { params: { query: { page, page_size: 200 } }, signal })),
  )
  return found as Promise<WorkflowSummary[]>
}

const EVERY = 3000 // ms
const AT_WORK: readonly string[] = ['queued', 'preparing', 'running']

function works({ last_run: run }: WorkflowSummary): boolean {
  return run !== null && AT_WORK.includes(run.status)
}

export function useWorkflows() {
  return useQuery({
    queryKey: workflowKeys.list,
    queryFn: ({ signal }) => allWorkflows(signal),
    // While one of them works, its card is to say how it ends.
    refetchInterval: ({ state }) => (state.data?.some(works) ? EVERY : false),
  })
}

/** Saves on their way, by workflow: whoever opens it again must see what they bring. */
const underway = new Map<string, Promise<unknown>>()

/** Whoever opens the workflow waits until this is done, well or not. */
export function awaitedBy(id: string, saving: Promise<unknown>): void {
  underway.set(id, saving)
  const done = () => {
    if (underway.get(id) === saving) underway.delete(id)
  }
  saving.then(done, done)
}

export async function fetchWorkflow(id: string, signal?: AbortSignal): Promise<Workflow> {
  await underway.get(id)?.catch(() => undefined)
  return loadWorkflow(id, signal)
}

/** What the server has at this moment, whatever is on its way there. */
export function loadWorkflow(id: string, signal?: AbortSignal): Promise<Workflow> {
  return data(api.GET('/api/workflows/{workflow_id}/', { params: at(id), signal })).then(asWorkflow)
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
  // As with saving: what is not finished yet is kept, not refused.
  return data(api.POST('/api/workflows/', { body: { ...draft, draft: true } })).then(asWorkflow)
}

export function useCreateWorkflow() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: createWorkflow,
    onSuccess: () => client.invalidateQueries({ queryKey: workflowKeys.all }),
  })
}

/** Browsers let requests outlive their page up to 64 KB. */
const OUTLIVES = 60_000

/** Saves what changed. `draft` lets unfinished settings through, so that nothing typed is refused. */
export function saveWorkflow(id: string, revision: number, draft: WorkflowDraft): Promise<Workflow> {
  const body = { ...draft, revision, draft: true }
  const keepalive = JSON.stringify(body).length < OUTLIVES
  const params = at(id)
  const saved = data(api.PATCH('/api/workflows/{workflow_id}/', { params, body, keepalive })).then(asWorkflow)
  awaitedBy(id, saved)
  return saved
}

export function useDuplicateWorkflow() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => data(api.POST('/api/workflows/{workflow_id}/duplicate/', { params: at(id) })),
    onSuccess: () => client.invalidateQueries({ queryKey: workflowKeys.all }),
  })
}

export async function deleteWorkflow(id: string): Promise<void> {
  await api.DELETE('/api/workflows/{workflow_id}/', { params: at(id) })
}

/** Takes a deletion back. */
export async function restoreWorkflow(id: string): Promise<void> {
  await api.POST('/api/workflows/{workflow_id}/restore/', { params: at(id) })
}

/** Makes a workflow from an exported file: YAML or JSON, told apart by the server. */
export function useImportWorkflow() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (text: string): Promise<Workflow> => {
      const type = text.trimStart().startsWith('{') ? 'application/json' : 'application/yaml'
      const answer = await send('/api/workflows/import/', { method: 'POST', body: text, type })
      return asWorkflow(await answer.json())
    },
    onSuccess: () => client.invalidateQueries({ queryKey: workflowKeys.all }),
  })
}

export function exportAddress(id: string, as: 'yaml' | 'shell'): string {
  return `/api/workflows/${encodeURIComponent(id)}/export/?as=${as}`
}
