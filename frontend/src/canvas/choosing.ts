import { createContext, useContext } from 'react'

interface Choosing {
  selected: string | null
  onSelect: (id: string | null) => void
  /** Absent where pipes cannot be looked into. */
  onPipe: ((pipe: string) => void) | undefined
  pipe: string | null
  /** Pipes can be laid and opened here; else they are only looked at. */
  editing: boolean
}

const Context = createContext<Choosing>({
  selected: null,
  onSelect: () => {},
  onPipe: undefined,
  pipe: null,
  editing: false,
})

export const ChoosingProvider = Context.Provider

/** Whether a box is the chosen one, and how to choose it, or to let it go. */
export function useSelection(id: string): { selected: boolean; onSelect: () => void } {
  const { selected, onSelect } = useContext(Context)
  const mine = selected === id
  return { selected: mine, onSelect: () => onSelect(mine ? null : id) }
}

interface PipeSelection {
  selected: boolean
  onLook: (() => void) | undefined
  editing: boolean
}

export function usePipeSelection(id: string): PipeSelection {
  const { pipe, onPipe, editing } = useContext(Context)
  return { selected: pipe === id, onLook: onPipe && (() => onPipe(id)), editing }
}

export function useEditing(): boolean {
  return useContext(Context).editing
}
