import { sameSettings } from '@/lib/schema'
import type { Document } from './changes'

/** What a browser keeps of a workflow until the server has it: nothing typed gets lost with the connection. */
export interface LocalDraft {
  revision: number
  document: Document
  /** What was on its way when this was kept; it may have arrived, and then the revision is one further. */
  sending?: Document | null
}

const key = (id: string) => `composer-draft-${id}`

export function keepDraft(id: string, draft: LocalDraft): boolean {
  try {
    localStorage.setItem(key(id), JSON.stringify(draft))
    return true
  } catch {
    return false // Storage is off or full; the server's copy is then the only one.
  }
}

export function dropDraft(id: string): void {
  try {
    localStorage.removeItem(key(id))
  } catch {
    // There was none.
  }
}

export function readDraft(id: string): LocalDraft | null {
  try {
    const draft: unknown = JSON.parse(localStorage.getItem(key(id)) ?? 'null')
    return isDraft(draft) ? draft : null
  } catch {
    return null
  }
}

function isDraft(value: unknown): value is LocalDraft {
  if (typeof value !== 'object' || value === null) return false
  const { revision, document } = value as Partial<LocalDraft>
  return (
    typeof revision === 'number' &&
    Array.isArray(document?.graph?.nodes) &&
    Array.isArray(document.graph.edges)
  )
}

/** Whether two documents mean the same; the server adds what was left out, such as places on the map. */
export function sameDocument(one: Document, other: Document): boolean {
  return sameSettings(essence(one), essence(other))
}

function essence({ name, description, input, graph }: Document) {
  return {
    name,
    description,
    input: [input.kind, input.title, input.sample, input.name ?? ''],
    nodes: graph.nodes.map(node => [node.id, node.step, node.title ?? '', node.params]),
    edges: graph.edges.map(edge => [edge.source, edge.target]),
  }
}
