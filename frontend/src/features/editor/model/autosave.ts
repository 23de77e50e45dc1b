import { createStore } from 'zustand'
import { ApiError, sentence } from '@/api/errors'
import type { Problem, Workflow } from '@/api/types'
import type { WorkflowDraft } from '@/api/workflows'
import type { Document } from './changes'
import { dropDraft, keepDraft } from './drafts'
import { sendable } from './rules'

/**
 * saved · changed (a save is due) · saving · retrying (the server is away; kept in this browser) ·
 * conflict (somebody else saved in between) · refused (the server will not have it; kept in this browser)
 */
export type Phase = 'saved' | 'changed' | 'saving' | 'retrying' | 'conflict' | 'refused'

export interface SaveState {
  phase: Phase
  revision: number
  /** What the server found wrong, and the document it looked at. */
  problems: Problem[]
  /** What is good to know of it, and nothing to mend. */
  notes: Problem[]
  checked: Document
  message: string | null
}

export type Save = (revision: number, draft: WorkflowDraft) => Promise<Workflow>

const UNTITLED = 'Untitled workflow'
const WAIT = 600
const RETRY_FIRST = 1000
const RETRY_MOST = 15_000

/** Only what differs from what the server has. */
export function difference(before: Document, after: Document): WorkflowDraft {
  const draft: WorkflowDraft = {}
  if (before.name !== after.name) draft.name = after.name.trim() || UNTITLED
  if (before.description !== after.description) draft.description = after.description
  if (before.input !== after.input) draft.input = after.input
  if (before.graph !== after.graph) draft.graph = sendable(after.graph)
  return draft
}

/** Saves a document a moment after each change; one request at a time, and again until it is through. */
export class Autosave {
  readonly state
  private saved: Document
  private current: Document
  private timer: ReturnType<typeof setTimeout> | undefined
  private underway: Promise<void> | null = null
  private sending: Document | null = null
  private wait = RETRY_FIRST

  constructor(
    private readonly id: string,
    start: { document: Document; revision: number; problems: Problem[]; notes?: Problem[] },
    private readonly save: Save,
  ) {
    this.saved = start.document
    this.current = start.document
    this.state = createStore<SaveState>(() => ({
      phase: 'saved',
      revision: start.revision,
      problems: start.problems,
      notes: start.notes ?? [],
      checked: start.document,
      message: null,
    }))
  }

  /** Tells of a new document. It is in the browser's keeping before this returns. */
  changed(document: Document): void {
    this.current = document
    const { phase } = this.state.getState()
    this.keep()
    if (phase === 'conflict') return
    if (phase !== 'saving') this.state.setState({ phase: 'changed' })
    this.plan(WAIT)
  }

  /** Saves now what is still to be saved. Resolves when that is through, or has failed. */
  async flush(): Promise<void> {
    clearTimeout(this.timer)
    // Never two at once: the second would carry the revision that the first is about to change.
    if (this.underway) await this.underway
    if (!this.isDirty() || this.state.getState().phase === 'conflict') return
    this.underway ??= this.send().finally(() => {
      this.underway = null
    })
    await this.underway
  }

  /** Goes on from the revision somebody else made: what is here now counts. */
  async overwrite(revision: number): Promise<void> {
    this.state.setState({ phase: 'changed', revision, message: null })
    // Everything is sent: what the other person changed is not known in detail.
    this.saved = {
      ...this.saved,
      name: '',
      description: '',
      input: { ...this.saved.input },
      graph: { nodes: [], edges: [] },
    }
    await this.flush()
  }

  /** Takes what the server has; the document is told by the caller. */
  accept(workflow: Workflow, document: Document): void {
    this.saved = document
    this.current = document
    dropDraft(this.id)
    this.state.setState({
      phase: 'saved',
      revision: workflow.revision,
      problems: workflow.problems,
      notes: workflow.notes ?? [],
      checked: document,
      message: null,
    })
  }

  stop(): void {
    clearTimeout(this.timer)
  }

  isDirty(): boolean {
    return this.current !== this.saved
  }

  private plan(delay: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.flush(), delay)
  }

  private async send(): Promise<void> {
    const sent = this.current
    const draft = difference(this.saved, sent)
    if (Object.keys(draft).length === 0) {
      this.saved = sent
      this.settle()
      return
    }
    this.state.setState({ phase: 'saving' })
    this.sending = sent
    this.keep()
    try {
      const answer = await this.save(this.state.getState().revision, draft)
      this.saved = sent
      this.wait = RETRY_FIRST
      this.state.setState({
        revision: answer.revision,
        problems: answer.problems,
        notes: answer.notes ?? [],
        checked: sent,
        message: null,
      })
      this.settle()
    } catch (error) {
      this.failed(error, sent)
    } finally {
      this.sending = null
    }
  }

  /** Into this browser's keeping, with what is on its way to the server. */
  private keep(): void {
    const { revision } = this.state.getState()
    keepDraft(this.id, { revision, document: this.current, sending: this.sending })
  }

  private settle(): void {
    if (!this.isDirty()) {
      dropDraft(this.id)
      this.state.setState({ phase: 'saved' })
      return
    }
    this.sending = null
    this.keep()
    this.state.setState({ phase: 'changed' })
    this.plan(WAIT)
  }

  private failed(error: unknown, sent: Document): void {
    const message = sentence(error)
    if (error instanceof ApiError && error.status === 409) {
      this.state.setState({ phase: 'conflict', message })
    } else if (error instanceof ApiError && !error.passing) {
      this.state.setState({ phase: 'refused', message, problems: error.problems, checked: sent })
    } else {
      this.state.setState({ phase: 'retrying', message })
      this.plan(this.wait)
      this.wait = Math.min(this.wait * 2, RETRY_MOST)
    }
  }
}
