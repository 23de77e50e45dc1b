import type { GraphEdge, Preview } from '@/api/types'
import type { LastRun } from '../lastRun'

/** What came through a place of the workflow in the last run, and how much. */
export interface Passed {
  look: Preview
  size: number
}

/** The same of one pipe; null where nothing is known that would still hold. */
export function passedThrough({ run, looks, stale }: LastRun, pipe: GraphEdge): Passed | null {
  const look = looks.get(pipe.source)
  // Only what comes out by itself was looked at.
  if (!look || pipe.output !== undefined || stale.has(pipe.source)) return null
  // Of a stream only a sample was kept: the step itself knows how much it wrote.
  const wrote = run?.steps.find(step => step.node === pipe.source)?.bytes_out
  return { look, size: wrote ?? look.bytes }
}
