import { useRef } from 'react'

/** Keys for things that have no names of their own: those behind one that goes keep theirs. */
export function useKeys(count: number): { keys: readonly number[]; drop: (at: number) => void } {
  const keys = useRef<number[]>([])
  const made = useRef(0)
  while (keys.current.length < count) {
    keys.current.push(made.current)
    made.current += 1
  }
  keys.current.length = count
  return { keys: keys.current, drop: at => keys.current.splice(at, 1) }
}
