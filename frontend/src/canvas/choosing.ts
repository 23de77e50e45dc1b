import { createContext, useContext } from 'react'

interface Choosing {
  selected: string | null
  onSelect: (id: string | null) => void
  /** Absent where pipes cannot be looked into. */
  onPipe: ((pipe: string) => void) | undefined
  pipe: string | null
}

const Context = createContext<Choosing>({ selected: null, onSelect: () => {}, onPipe: undefined, pipe: null })

export const ChoosingProvider = Context.Provider

/** Whether a box is the chosen one, and how to choose it, or to let it go. */
export function useSelection(id: string): { selected: boolean; onSelect: () => void } {
  const { selected, onSelect } = useContext(Context)
  const mine = selected === id
  return { selected: mine, onSelect: () => onSelect(mine ? null : id) }
}

export function usePipeSelection(id: string): { selected: boolean; onLook: (() => void) | undefined } {
  const { pipe, onPipe } = useContext(Context)
  return { selected: pipe === id, onLook: onPipe && (() => onPipe(id)) }
}
