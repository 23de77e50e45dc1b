import { useMemo } from 'react'
import type { Graph, Step } from '@/api/types'
import { titleOf } from '@/lib/nodes'
import { useDocument, useSurroundings } from './context'

/** What a step is called in this workflow. */
export function titleIn(graph: Graph, steps: ReadonlyMap<string, Step>, id: string): string {
  const node = graph.nodes.find(each => each.id === id)
  return node ? titleOf(node, steps) : id
}

/** The names of all steps, by id. */
export function useTitles(): (id: string) => string {
  const { steps } = useSurroundings()
  const graph = useDocument(document => document.graph)
  return useMemo(() => id => titleIn(graph, steps, id), [graph, steps])
}

/** The name of one step; without one, that of the input. Drawn anew only when that name changes. */
export function useTitle(id: string | null): string {
  const { steps } = useSurroundings()
  return useDocument(document =>
    id === null ? document.input.title || 'the input' : titleIn(document.graph, steps, id),
  )
}
