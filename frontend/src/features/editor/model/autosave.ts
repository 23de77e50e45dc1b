import { createStore } from 'zustand'
import { ApiError, sentence } from '@/api/errors'
import type { Problem, Workflow } from '@/api/types'
import type { WorkflowDraft } from '@/api/workflows'
import type { Document } from './changes'
import { Keeper } from './keeper'
import { asSaved, difference, learned, type Refusals, refusedIn, sendable } from './sendable'
import { Unanswered } from './unanswered'

/**
 * saved · changed (a save is due) · saving · retrying (the server is away; kept in this browser) ·
 * conflict (somebody else saved in between) · refused (the server will not have it; kept in this browser)
 */
export type Phase = 'saved' | 'changed' | 'saving' | 'retrying' | 'conflict' | 'refused'

export interface SaveState {
  phase: Phase
  revision: number
  /** What the server found wrong when it last looked. */
  problems: Problem[]
  /** What is good to know of it, and nothing to mend. */
  notes: Problem[]
  message: string | null
  /** Whether this browser had room for what the server does not have yet. */
  kept: boolean
}

export type Save = (revision: number, draft: WorkflowDraft) => Promise<Workflow>
export type Load = () => Promise<Workflow>

const WAIT = 600
const RETRY_FIRST = 1000
const RETRY_MOST = 15_000

/** Saves a document a moment after each change; one request at a time, and again until it is through. */
export class Autosave {
  readonly state
  private saved: Document
  private current: Document
  private timer: ReturnType<typeof setTimeout> | undefined
  private underway: Promise<void> | null = null
  private sending: Document | null = null
  private refusals: Refusals = new Map()
  private wait = RETRY_FIRST
  private readonly unanswered = new Unanswered()
  private readonly keeper: Keeper

  constructor(
    id: string,
    start: { document: Document; revision: number; problems: Problem[]; notes?: Problem[] },
    private readonly save: Save,
    private readonly load: Load,
  ) {
    this.saved = start.document
    this.current = start.document
    this.state = createStore<SaveState>(() => ({
      phase: 'saved',
      revision: start.revision,
      problems: start.problems,
      notes: start.notes ?? [],
      message: null,
      kept: true,
    }))
    this.keeper = new Keeper(
      id,
      () => ({
        revision: this.state.getState().revision,
        document: this.current,
        sending: this.sending,
      }),
      kept => {
        if (kept !== this.state.getState().kept) this.state.setState({ kept })
      },
    )
  }

  /** Tells of a new document. It is in the browser's keeping at once, or a moment after the one before. */
  changed(document: Document): void {
    this.current = document
    const { phase } = this.state.getState()
    this.keeper.soon()
    if (phase === 'conflict') return
    if (phase !== 'saving') this.state.setState({ phase: 'changed' })
    this.plan(WAIT)
  }

  /** Saves now what is still to be saved. Resolves when that is through, or has failed. */
  async flush(): Promise<void> {
    clearTimeout(this.timer)
    this.keeper.rest()
    // Never two at once: the second would carry the revision that the first is about to change.
    if (this.underway) await this.underway
    const { phase } = this.state.getState()
    if (phase === 'conflict') return
    if (!this.isDirty()) {
      // What was changed is as it was before.
      if (phase !== 'saved' && !this.underway) this.settle()
      return
    }
    this.underway ??= this.send().finally(() => {
      this.underway = null
    })
    await this.underway
  }

  /** Saves what is no part of the document, such as how many runs stand ready: after what is under way. */
  async also(changes: WorkflowDraft): Promise<Workflow> {
    await this.flush()
    while (this.underway) await this.underway
    const answer = this.saveBeside(changes)
    const done = () => {
      this.underway = null
    }
    this.underway = answer.then(done, done)
    return answer
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
    this.keeper.drop()
    this.state.setState({
      phase: 'saved',
      revision: workflow.revision,
      problems: workflow.problems,
      notes: workflow.notes ?? [],
      message: null,
    })
  }

  stop(): void {
    clearTimeout(this.timer)
    this.keeper.rest()
  }

  /** Goes on with what this browser kept, where the server has all of it that can be saved. */
  resume(document: Document): void {
    this.saved = document
    this.current = document
    this.settle()
  }

  isDirty(): boolean {
    return this.current !== this.saved
  }

  /** A document with nothing in it that the server would refuse, as far as that is known. */
  fit(document: Document): Document {
    return asSaved(document, this.refusals)
  }

  /** What the server refused of the rules as they are now: something else was saved in its place. */
  refused(): Problem[] {
    return refusedIn(this.current.graph, this.refusals)
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
    try {
      const answer = await this.saveWhatFits(sent)
      this.saved = sent
      this.wait = RETRY_FIRST
      this.state.setState({
        revision: answer.revision,
        problems: [...answer.problems, ...refusedIn(sent.graph, this.refusals)],
        notes: answer.notes ?? [],
        message: null,
      })
      this.settle()
    } catch (error) {
      const trouble = await this.trouble(error)
      if (trouble === null) await this.send()
      else this.failed(trouble)
    } finally {
      this.sending = null
    }
  }

  /** One request, which leaves the document on the server as `sent` is. */
  private async ask(changes: WorkflowDraft, sent: Document): Promise<Workflow> {
    try {
      const answer = await this.save(this.state.getState().revision, changes)
      this.unanswered.clear()
      return answer
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing) this.unanswered.add(sent)
      throw error
    }
  }

  /** What keeps a save from its place: nothing where it met one of our own whose answer got lost. */
  private async trouble(error: unknown): Promise<unknown> {
    if (!isConflict(error) || !this.unanswered.any()) return error
    let there: Workflow
    try {
      there = await this.load()
    } catch (away) {
      return away
    }
    const { revision } = this.state.getState()
    const arrived = this.unanswered.arrived(there, revision, each => this.fit(each))
    if (!arrived) return error
    this.unanswered.clear()
    this.saved = arrived
    this.state.setState({
      revision: there.revision,
      problems: [...there.problems, ...refusedIn(arrived.graph, this.refusals)],
      notes: there.notes ?? [],
    })
    return null
  }

  /** What the server will not have of the rules is left out, so that all else is saved. */
  private async saveWhatFits(sent: Document): Promise<Workflow> {
    for (;;) {
      this.sending = this.fit(sent)
      this.keeper.now()
      try {
        const changes = difference(this.saved, sent, this.refusals)
        return await this.ask(changes, sent)
      } catch (error) {
        if (!(error instanceof ApiError) || error.passing) throw error
        const known = this.refusals
        this.refusals = learned(known, error.problems, sent.graph)
        if (this.refusals.size === known.size) throw error
      }
    }
  }

  private async saveBeside(changes: WorkflowDraft): Promise<Workflow> {
    try {
      const answer = await this.ask(changes, this.saved)
      this.state.setState({ revision: answer.revision })
      if (this.isDirty() || !this.isWhole()) this.keeper.now()
      return answer
    } catch (error) {
      const trouble = await this.trouble(error)
      if (trouble === null) return this.saveBeside(changes)
      if (isConflict(trouble)) this.state.setState({ phase: 'conflict', message: sentence(trouble) })
      throw trouble
    }
  }

  /** Whether what was saved last is all that is here: nothing half written, nothing refused. */
  private isWhole(): boolean {
    return sendable(this.current.graph, this.refusals) === this.current.graph
  }

  private settle(): void {
    if (!this.isDirty()) {
      if (this.isWhole()) this.keeper.drop()
      // What is half written is nowhere but here; the server has what stands in for it.
      else this.keeper.now()
      this.state.setState({ phase: 'saved', message: null })
      return
    }
    this.sending = null
    this.keeper.now()
    this.state.setState({ phase: 'changed' })
    this.plan(WAIT)
  }

  private failed(error: unknown): void {
    const message = sentence(error)
    if (isConflict(error)) {
      this.state.setState({ phase: 'conflict', message })
    } else if (error instanceof ApiError && !error.passing) {
      this.state.setState({ phase: 'refused', message, problems: error.problems })
    } else {
      this.state.setState({ phase: 'retrying', message })
      this.plan(this.wait)
      this.wait = Math.min(this.wait * 2, RETRY_MOST)
    }
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409
}
