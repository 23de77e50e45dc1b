import { createContext, type ReactNode, use, useEffect, useMemo, useRef } from 'react'
import { createStore, useStore } from 'zustand'
import type { Problem, Step } from '@/api/types'
import type { Actions } from './actions'
import type { Armed } from './bar/useArmed'
import type { LastRun } from './lastRun'
import type { Autosave } from './model/autosave'
import type { Change, Document } from './model/changes'
import type { SeenColumns } from './model/columns'
import type { Place } from './model/graph'
import type { DocumentStore } from './model/store'

/** The card of the run's input, where a node's id would stand. */
export const INPUT = ' input'

/** The name of a step, where a setting's would stand: no setting begins with a space. */
export const NAME = ' name'

/** A chosen pipe, where a node's id would stand. */
const PIPE = ' pipe '

export function pipeKey(edge: string): string {
  return PIPE + edge
}

/** The pipe that is chosen, if one is. */
export function chosenPipe(selected: string | null): string | null {
  return selected?.startsWith(PIPE) ? selected.slice(PIPE.length) : null
}

export interface ScreenState {
  /** The chosen card or pipe: a node's id, INPUT, a pipe's key, or none. */
  selected: string | null
  view: 'list' | 'map'
  /** Where “Add a step” will put the step, while its dialog is open. */
  adding: { place: Place; below?: string } | null
  /** The step that is to lead on to another one, while that is being chosen. */
  leading: string | null
  /** The card that the keyboard goes to next: what had it is gone. */
  held: string | null
  /** A field that wants the keyboard, once the settings are drawn; `count` tells the same wish made twice. */
  wanted: { node: string | null; field: string | null; count: number } | null
  /** Read aloud by screen readers. */
  announcement: string
}

function createScreenStore() {
  return createStore<ScreenState>(() => ({
    selected: null,
    view: 'list',
    adding: null,
    leading: null,
    held: null,
    wanted: null,
    announcement: '',
  }))
}

export type ScreenStore = ReturnType<typeof createScreenStore>

interface EditorParts {
  id: string
  document: DocumentStore
  autosave: Autosave
  screen: ScreenStore
  /** How many runs stood ready when the editor was opened. */
  armed: Armed
  /** Whether the person's role lets them change it; else all is there to be looked at. */
  mayEdit: boolean
  mayRun: boolean
}

const Parts = createContext<EditorParts | null>(null)

type Role = { mayEdit?: boolean; mayRun?: boolean }

export function EditorProvider({
  id,
  document,
  autosave,
  armed,
  mayEdit = true,
  mayRun = true,
  children,
}: Omit<EditorParts, 'screen' | 'mayEdit' | 'mayRun'> & Role & { children: ReactNode }) {
  const parts = useMemo(
    () => ({ id, document, autosave, armed, mayEdit, mayRun, screen: createScreenStore() }),
    [id, document, autosave, armed, mayEdit, mayRun],
  )
  return <Parts value={parts}>{children}</Parts>
}

export function useParts(): EditorParts {
  const parts = use(Parts)
  if (!parts) throw new Error('This part of the editor stands outside of it')
  return parts
}

export function useDocument<T>(select: (document: Document) => T): T {
  return useStore(useParts().document.store, state => select(state.document))
}

export function useScreen<T>(select: (state: ScreenState) => T): T {
  return useStore(useParts().screen, select)
}

/** A card's button, which takes the keyboard when it is meant. */
export function useCardButton(id: string) {
  const { screen } = useParts()
  const button = useRef<HTMLButtonElement>(null)
  const held = useScreen(state => state.held === id)
  useEffect(() => {
    if (!held) return
    button.current?.focus()
    screen.setState({ held: null })
  }, [held, screen])
  return button
}

export function useDispatch(): (edit: Change) => void {
  return useParts().document.dispatch
}

/** What the screens need to know beside the document: the library, the last run, what is wrong. */
export interface Surroundings {
  steps: ReadonlyMap<string, Step>
  problems: readonly Problem[]
  /** What is good to know, and nothing to mend. */
  notes: readonly Problem[]
  lastRun: LastRun
  seen: SeenColumns
  actions: Actions
}

const Around = createContext<Surroundings | null>(null)

export function SurroundingsProvider({ value, children }: { value: Surroundings; children: ReactNode }) {
  return <Around value={value}>{children}</Around>
}

export function useSurroundings(): Surroundings {
  const around = use(Around)
  if (!around) throw new Error('This part of the editor stands outside of it')
  return around
}
