import { useQueries } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { fetchPreview, useRun, useRuns } from '@/api/runs'
import type { Graph, Preview, Run } from '@/api/types'
import { sameSettings } from '@/lib/schema'
import { sameSet, useSame } from '@/lib/useSame'
import { pipeEssence } from './model/drafts'
import { incoming } from './model/graph'

/** How many pipes of the last run are looked into; a list longer than that is not read at a glance anyway. */
const MOST = 40

export interface LastRun {
  run: Run | null
  /** What came out, by node; what the run was given under ''. */
  looks: ReadonlyMap<string, Preview>
  /** Nodes whose settings, or whose sources, are not what they were in that run. */
  stale: ReadonlySet<string>
}

/** What became of a step's data in the last run. */
export type Fate = 'no run' | 'not in it' | 'came' | 'failed' | 'not started'

/** The same for one of its pipes, or for what the run was given (null). A way that was taken brings data after a failure, too. */
export function fateOf(run: Run | null, node: string | null, pipe?: string): Fate {
  if (!run) return 'no run'
  if (node === null) return run.input ? 'came' : 'not in it'
  const record = run.steps.find(step => step.node === node)
  if (!record) return 'not in it'
  if (record.status === 'succeeded' || (pipe !== undefined && record.ways[pipe]?.taken)) return 'came'
  return record.status === 'failed' ? 'failed' : 'not started'
}

/** The nodes of `now` that would not do again what they did in `then`. */
export function staleNodes(now: Graph, then: Graph): Set<string> {
  const old = new Map(then.nodes.map(node => [node.id, node]))
  const sources = (graph: Graph, id: string) => JSON.stringify(incoming(graph, id).map(pipeEssence))
  const stale = new Set<string>()
  for (const node of now.nodes) {
    const before = old.get(node.id)
    const same =
      before !== undefined &&
      before.step === node.step &&
      sameSettings(before.params, node.params) &&
      (before.join ?? 'all') === (node.join ?? 'all') &&
      sources(now, node.id) === sources(then, node.id)
    if (!same) stale.add(node.id)
  }
  // What reads from a stale node is stale.
  for (let grew = true; grew; ) {
    grew = false
    for (const edge of now.edges) {
      if (!stale.has(edge.source) || stale.has(edge.target)) continue
      stale.add(edge.target)
      grew = true
    }
  }
  return stale
}

/** What the workflow's last finished run showed: the editor's only knowledge of the data itself. */
export function useLastRun(workflow: string, graph: Graph): LastRun {
  const runs = useRuns({ workflow, page_size: 5 })
  const last = runs.data?.results.find(run => run.finished_at !== null)
  const { data: run } = useRun(last?.id)
  const nodes = useMemo(() => {
    const done = (run?.steps ?? []).filter(step => step.status === 'succeeded').map(step => step.node)
    return run ? [...(run.input ? [''] : []), ...done].slice(0, MOST) : []
  }, [run])
  // One and the same function: another one would make another map each time.
  const combine = useCallback(
    (results: { data: Preview | undefined }[]) => {
      const found = new Map<string, Preview>()
      results.forEach(({ data }, index) => {
        const node = nodes[index]
        if (node !== undefined && data) found.set(node, data)
      })
      return found
    },
    [nodes],
  )
  const looks = useQueries({
    queries: nodes.map(node => ({
      queryKey: ['runs', 'look', run?.id, node],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        fetchPreview(run?.id ?? '', node === '' ? null : node, 'output', { limit: 8 }, signal),
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    })),
    combine,
  })
  const stale = useSame(
    useMemo(() => (run ? staleNodes(graph, run.graph) : new Set<string>()), [graph, run]),
    sameSet,
  )
  return useMemo(() => ({ run: run ?? null, looks, stale }), [run, looks, stale])
}
