import { type Row, rows } from '@/lib/rows'
import type { Place } from './graph'

export { type Row, rows }

/** The card that follows a place in the list, if its data comes through that place. */
export function belowOf(list: readonly Row[], place: Place): string | undefined {
  if (place.after === null) {
    const first = list[0]
    return first && first.pipes.length === 0 ? first.node.id : undefined
  }
  const at = list.findIndex(entry => entry.node.id === place.after)
  const next = list[at + 1]
  return next?.pipes.some(pipe => pipe.source === place.after) ? next.node.id : undefined
}

/** Where a node goes when it is moved one up (before its source) or one down (after its first reader). */
export function neighbour(
  list: readonly Row[],
  id: string,
  direction: 'up' | 'down',
): { place: Place; below: string | undefined } | null {
  const entry = list.find(candidate => candidate.node.id === id)
  if (!entry) return null
  if (direction === 'up') {
    const source = entry.pipes[0]?.source
    if (source === undefined) return null
    const above = list.find(candidate => candidate.node.id === source)
    return { place: { after: above?.pipes[0]?.source ?? null }, below: source }
  }
  const reader = list.find(candidate => candidate.pipes.some(pipe => pipe.source === id))
  if (!reader) return null
  const place = { after: reader.node.id }
  return { place, below: belowOf(list, place) }
}

/** The node at the end of the list that a new step is added after; null in an empty workflow. */
export function lastPlace(list: readonly Row[]): Place {
  return { after: list.at(-1)?.node.id ?? null }
}
