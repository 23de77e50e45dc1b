import type { Document } from './changes'

/** What a browser keeps of a workflow until the server has it: nothing typed gets lost with the connection. */
export interface LocalDraft {
  revision: number
  document: Document
  at: string
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
