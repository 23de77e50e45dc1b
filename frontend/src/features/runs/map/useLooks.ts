import { useQueries } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { previewQuery } from '@/api/runs'
import type { Preview } from '@/api/types'
import { useRunState, useRunView } from '../context'
import { isFull, notTaken, PIPE_LOOK } from '../model/flow'
import type { Looks } from './overlay'

/** So many pipes are looked into; on a larger map nobody reads them all. */
const MOST = 60

/** What was seen in the pipes that are full, and in what the run was given. */
export function useLooks(): Looks {
  const { run } = useRunView()
  // As one text, which is the same as long as they are.
  const full = useRunState(state =>
    run.graph.edges
      .filter(edge => isFull(state, edge) && notTaken(state, edge.id) === null)
      .map(edge => edge.id)
      .join(' '),
  )
  const pipes = useMemo(() => {
    const ids = new Set(full.split(' '))
    const edges = run.graph.edges.filter(edge => ids.has(edge.id))
    const found = edges.map(edge => ({ id: edge.id, node: edge.source as string | null, of: edge.output }))
    return (run.input ? [{ id: '', node: null, of: undefined }, ...found] : found).slice(0, MOST)
  }, [run, full])
  const combine = useCallback(
    (results: { data: Preview | undefined }[]) =>
      new Map(results.flatMap(({ data }, at) => (data ? [[pipes[at]?.id ?? '', data]] : []))),
    [pipes],
  )
  return useQueries({
    queries: pipes.map(({ node, of }) => previewQuery(run.id, node, 'output', PIPE_LOOK, of)),
    combine,
  })
}
