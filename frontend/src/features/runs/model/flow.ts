import type { Status } from '@/api/types'
import type { Flow } from '@/components/flow/Pipe'
import { isOver } from './events'
import type { RunState } from './state'

/** How the pipe behind a writer looks; null is what the run was given. */
export function flowAfter(state: RunState, source: string | null): Flow {
  if (source === null) return 'full'
  const writer = state.steps[source]
  const wrote = (writer?.bytesOut ?? 0) > 0
  if (writer?.status === 'succeeded') return wrote ? 'full' : 'empty'
  if (writer?.status === 'running') return wrote ? 'flowing' : 'waiting'
  return isOver(state.status) || (writer && isOver(writer.status)) ? 'empty' : 'waiting'
}

/** What is said after the bytes of a writer that is not done: they are not all there is, or ever will be. */
export function afterBytes(status: Status | undefined): string {
  if (status === 'failed') return 'before it failed'
  if (status === 'canceled') return 'before it was stopped'
  return 'so far'
}
