import { dropDraft, keepDraft, type LocalDraft } from './drafts'

/** So long after one draft was kept, the next one is: a large workflow is not written at every letter. */
const PAUSE = 300 // ms

/** What one open editor keeps in this browser. Other windows may keep theirs of the same workflow. */
export class Keeper {
  /** As it was written; what stands there otherwise is not ours. */
  private written: string | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private due = false

  constructor(
    private readonly id: string,
    /** What is to be kept, as it is when it is written. */
    private readonly draft: () => LocalDraft,
    /** Told each time whether the browser had room for it. */
    private readonly onKept: (kept: boolean) => void,
  ) {}

  /** Keeps it at once, or where something was kept just now, a moment later. */
  soon(): void {
    this.due = true
    if (this.timer === undefined) this.now()
  }

  /** Keeps what is still to be kept. Call it when the page may be left. */
  rest(): void {
    if (this.due) this.now()
  }

  now(): void {
    this.due = false
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.rest()
    }, PAUSE)
    const written = keepDraft(this.id, this.draft())
    this.written = written ?? this.written
    this.onKept(written !== null)
  }

  /** The server has it: what was kept here goes, unless another window has put its own there. */
  drop(): void {
    this.due = false
    if (this.written !== null) dropDraft(this.id, this.written)
    this.written = null
    this.onKept(true)
  }
}
