import type { Workflow } from '@/api/types'
import { loadWorkflow, saveWorkflow } from '@/api/workflows'
import { Autosave } from './model/autosave'
import type { Document } from './model/changes'
import { dropDraft, type LocalDraft, sameDocument } from './model/drafts'
import { asSaved } from './model/sendable'
import { createDocumentStore } from './model/store'

export function documentOf(workflow: Workflow): Document {
  const { name, description, input, graph } = workflow
  return { name, description, input, graph }
}

/** One opened editor: the document with its history, and what saves it. */
export function openSession(workflow: Workflow, draft: LocalDraft | null) {
  const start = documentOf(workflow)
  const document = createDocumentStore(start)
  const autosave = new Autosave(
    workflow.id,
    { document: start, revision: workflow.revision, problems: workflow.problems, notes: workflow.notes },
    (revision, changes) => saveWorkflow(workflow.id, revision, changes),
    () => loadWorkflow(workflow.id),
  )
  document.store.subscribe((state, before) => {
    if (state.document !== before.document) autosave.changed(state.document)
  })
  if (draft && sameDocument(draft.document, start)) dropDraft(workflow.id)
  else if (draft) restore(document, autosave, draft, workflow)
  return { document, autosave }
}

/** The same for somebody who may not change it: no edit reaches the document, so there is never anything to save. */
export function openToLook(workflow: Workflow): Session {
  const { document, autosave } = openSession(workflow, null)
  const nothing = () => undefined
  return { document: { ...document, dispatch: nothing, undo: nothing, redo: nothing }, autosave }
}

/** Work that this browser kept because the server could not be reached when the page was left. */
function restore(
  document: ReturnType<typeof createDocumentStore>,
  autosave: Autosave,
  draft: LocalDraft,
  workflow: Workflow,
): void {
  // What comes back from the server is not always what was typed: names are trimmed, half-written rules stood in for.
  const there = asSaved(documentOf(workflow))
  const isThere = (kept: Document) => sameDocument(asSaved(kept), there)
  const all = isThere(draft.document)
  const arrived = all || (draft.sending && isThere(draft.sending))
  if (draft.revision !== workflow.revision && !arrived) {
    autosave.state.setState({ phase: 'conflict', revision: draft.revision })
  }
  document.dispatch({ type: 'replace', document: draft.document })
  if (all) autosave.resume(draft.document)
}

export type Session = ReturnType<typeof openSession>
