import type { Workflow } from '@/api/types'
import type { Document } from './changes'
import { sameDocument } from './drafts'

/**
 * What was sent from one revision on without an answer. Each may have arrived all the same: then the next
 * save meets a revision that is one further, and it is our own.
 */
export class Unanswered {
  private sent: Document[] = []

  add(document: Document): void {
    if (!this.sent.includes(document)) this.sent.push(document)
  }

  clear(): void {
    this.sent = []
  }

  any(): boolean {
    return this.sent.length > 0
  }

  /** Which of them is what the server has now; `savable` makes of a document what can be saved of it. */
  arrived(there: Workflow, from: number, savable: (document: Document) => Document): Document | undefined {
    if (there.revision !== from + 1) return undefined
    const { name, description, input, graph } = there
    const saved = savable({ name, description, input, graph })
    return this.sent.find(document => sameDocument(savable(document), saved))
  }
}
