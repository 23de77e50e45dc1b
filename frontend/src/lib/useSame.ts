import { useRef } from 'react'
import { sameSettings } from './schema'

/** A value as it was before, as long as it means the same: what is drawn by it is not drawn again then. */
export function useSame<T>(value: T, same: (one: T, other: T) => boolean = sameSettings): T {
  const kept = useRef(value)
  if (!same(kept.current, value)) kept.current = value
  return kept.current
}

export function sameSet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every(each => other.has(each))
}
