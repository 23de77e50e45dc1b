import type { ReactElement, ReactNode } from 'react'
import type { Graph, Problem, Step, Workflow } from '@/api/types'
import { useActions } from '@/features/editor/actions'
import { EditorProvider, SurroundingsProvider, useParts } from '@/features/editor/context'
import { openSession, openToLook } from '@/features/editor/session'
import { show } from './render'

interface About {
  graph: Graph
  steps?: readonly Step[]
  problems?: Problem[]
  mayEdit?: boolean
}

function Around({ steps, problems = [], children }: Omit<About, 'graph'> & { children: ReactNode }) {
  const library = new Map((steps ?? []).map(step => [step.slug, step]))
  const actions = useActions(library)
  const lastRun = { run: null, looks: new Map(), stale: new Set<string>() }
  const around = { steps: library, problems, notes: [], lastRun, seen: new Map(), actions }
  return <SurroundingsProvider value={around}>{children}</SurroundingsProvider>
}

/** Draws a part of the editor around a graph; returns what the editor keeps. */
export function inEditor(part: ReactElement, { graph, mayEdit = true, ...about }: About) {
  const input = { kind: 'none', title: '', sample: '' }
  const made = { id: 'w', revision: 1, name: 'W', description: '', input, graph, problems: [] }
  const workflow = made as unknown as Workflow
  const session = mayEdit ? openSession(workflow, null) : openToLook(workflow)
  const parts: { screen?: ReturnType<typeof useParts>['screen'] } = {}
  function Seen() {
    parts.screen = useParts().screen
    return null
  }
  show(
    <EditorProvider id="w" armed={{ runs: 0, ready: null, bytes: null }} mayEdit={mayEdit} {...session}>
      <Seen />
      <Around {...about}>{part}</Around>
    </EditorProvider>,
  )
  return {
    ...session,
    graph: () => session.document.store.getState().document.graph,
    heard: () => parts.screen?.getState().announcement ?? '',
  }
}
