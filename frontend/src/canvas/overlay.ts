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
  /** What kind of data those words are about, for its sign. */
  kind?: (pipe: string) => string | null
  /** What is to be mended in a pipe. */
  trouble?: (pipe: string) => string | null
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

export interface PipeState {
  flow: Flow
  words: string | null
  kind: string | null
  trouble: string | null
}

export function usePipe(pipe: string): PipeState {
  const overlay = useContext(Context)
  const flow = useSyncExternalStore(overlay.subscribe, () => overlay.flow(pipe))
  const words = useSyncExternalStore(overlay.subscribe, () => overlay.words(pipe))
  const kind = useSyncExternalStore(overlay.subscribe, () => overlay.kind?.(pipe) ?? null)
  const trouble = useSyncExternalStore(overlay.subscribe, () => overlay.trouble?.(pipe) ?? null)
  return { flow, words, kind, trouble }
}
