import type { GraphEdge } from '@/api/types'
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

/** Keeps a draft. Returns it as it was written; null where storage is off or full. */
export function keepDraft(id: string, draft: LocalDraft): string | null {
  try {
    const text = JSON.stringify(draft)
    localStorage.setItem(key(id), text)
    return text
  } catch {
    return null
  }
}

/** Drops what is kept of a workflow; with `written`, only if nothing else has been kept since. */
export function dropDraft(id: string, written?: string): void {
  try {
    if (written === undefined || localStorage.getItem(key(id)) === written) localStorage.removeItem(key(id))
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

/** All that is said of a pipe; what goes without saying may be left out. */
export function pipeEssence(edge: GraphEdge) {
  const { source, target, output, input, order, when, rule, mode } = edge
  const ends = [source, target, output ?? 'stdout', input ?? 'stdin', order ?? 0]
  return [...ends, when ?? 'success', rule ?? null, mode ?? 'keep']
}

function essence({ name, description, input, graph }: Document) {
  return {
    name,
    description,
    input: [input.kind, input.title, input.sample, input.name ?? ''],
    nodes: graph.nodes.map(node => [node.id, node.step, node.title ?? '', node.params, node.join ?? 'all']),
    edges: graph.edges.map(pipeEssence),
  }
}
