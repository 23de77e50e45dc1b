import { createContext, type ReactNode, useContext } from 'react'
import { useStore } from 'zustand'
import type { Run, Step } from '@/api/types'
import type { RunState } from './model/state'
import type { RunStore } from './model/stream'
import type { RunActions } from './useRunActions'

/** What is looked at beside the list: the data in a pipe (without an edge the run's input), or a step. */
export type Look = { kind: 'pipe'; edge: string | null } | { kind: 'step'; node: string; tab?: StepTab }
export type StepTab = 'out' | 'in' | 'log' | 'details'

/** A step that somebody wants to get to; each wish is an object of its own. `held` takes the keyboard along. */
export interface Wanted {
  node: string
  held: boolean
}

interface Surroundings {
  run: Run
  store: RunStore
  steps: ReadonlyMap<string, Step>
  look: Look | null
  onLook: (look: Look | null) => void
  wanted: Wanted | null
  onWanted: (wanted: Wanted) => void
  actions: RunActions
}

const Context = createContext<Surroundings | null>(null)

export function RunProvider({ value, children }: { value: Surroundings; children: ReactNode }) {
  return <Context value={value}>{children}</Context>
}

export function useRunView(): Surroundings {
  const found = useContext(Context)
  if (!found) throw new Error('useRunView outside of RunProvider')
  return found
}

/** A piece of the run's state; drawn anew only when that piece changes. */
export function useRunState<T>(choose: (state: RunState) => T): T {
  return useStore(useRunView().store, choose)
}

export function sameLook(one: Look | null, other: Look): boolean {
  if (one?.kind === 'pipe' && other.kind === 'pipe') return one.edge === other.edge
  return one?.kind === 'step' && other.kind === 'step' && one.node === other.node
}
