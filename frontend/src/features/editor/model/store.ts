import { temporal } from 'zundo'
import { createStore } from 'zustand'
import { type Change, type Document, fold, groupOf } from './changes'

/** How long a pause in typing ends one step of undo. */
const PAUSE = 1200

export interface DocumentState {
  document: Document
}

/** The document of one open editor, with its undo history. Run status never comes in here. */
export function createDocumentStore(document: Document, now: () => number = Date.now) {
  const store = createStore<DocumentState>()(
    temporal(() => ({ document }), {
      limit: 200,
      equality: (before, after) => before.document === after.document,
    }),
  )
  let lastGroup: string | null = null
  let lastAt = 0

  /** Makes a change; typing on in the same place joins the step of undo before it. */
  function dispatch(edit: Change): void {
    const next = fold(store.getState().document, edit)
    if (next === store.getState().document) return
    const group = groupOf(edit)
    const joins = group !== null && group === lastGroup && now() - lastAt < PAUSE
    lastGroup = group
    lastAt = now()
    const history = store.temporal.getState()
    if (joins) history.pause()
    store.setState({ document: next })
    if (joins) history.resume()
  }

  function step(direction: 'undo' | 'redo'): void {
    lastGroup = null
    store.temporal.getState()[direction]()
  }

  return { store, dispatch, undo: () => step('undo'), redo: () => step('redo') }
}

export type DocumentStore = ReturnType<typeof createDocumentStore>
