import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Status } from '@/api/types'
import type { Flow } from '@/components/flow/Pipe'

/**
 * What a run lays over the map. It is asked by each node and pipe for itself and never becomes part of the drawing's
 * own data: a tick of the run draws the pipe that moved, and lays nothing out again.
 */
export interface MapOverlay {
  subscribe: (listener: () => void) => () => void
  status: (node: string) => Status | undefined
  /** Said under a box's title in place of its status, such as why it was not started. */
  line?: (node: string) => string | null
  flow: (pipe: string) => Flow
  /** What went through a pipe, in words; null where there is nothing to say. */
  words: (pipe: string) => string | null
}

const STILL: MapOverlay = {
  subscribe: () => () => {},
  status: () => undefined,
  flow: () => 'full',
  words: () => null,
}

const Context = createContext<MapOverlay>(STILL)

export const OverlayProvider = Context.Provider

export { STILL as noOverlay }

export function useNodeStatus(node: string): Status | undefined {
  const overlay = useContext(Context)
  return useSyncExternalStore(overlay.subscribe, () => overlay.status(node))
}

export function useNodeLine(node: string): string | null {
  const overlay = useContext(Context)
  return useSyncExternalStore(overlay.subscribe, () => overlay.line?.(node) ?? null)
}

export function usePipe(pipe: string): { flow: Flow; words: string | null } {
  const overlay = useContext(Context)
  const flow = useSyncExternalStore(overlay.subscribe, () => overlay.flow(pipe))
  const words = useSyncExternalStore(overlay.subscribe, () => overlay.words(pipe))
  return { flow, words }
}
