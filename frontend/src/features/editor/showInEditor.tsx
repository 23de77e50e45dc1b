import type { ReactElement } from 'react'
import type { Graph, Problem, Run, Step, Workflow, WorkflowInput } from '@/api/types'
import { show } from '@/test/render'
import { useActions } from './actions'
import { EditorProvider, type ScreenStore, SurroundingsProvider, useParts } from './context'
import { staleNodes } from './lastRun'
import { openSession, openToLook } from './session'

interface Given {
  graph: Graph
  run?: Run | null
  input?: Partial<WorkflowInput>
  /** The library; empty if nothing is said of it. */
  steps?: readonly Step[]
  problems?: readonly Problem[]
  mayEdit?: boolean
}

/** For tests: draws a part of the editor as it stands in an opened workflow. */
export function showInEditor(part: ReactElement, { input = {}, mayEdit = true, ...given }: Given) {
  const { graph } = given
  const start = { kind: 'none', title: '', sample: '', ...input }
  const made = { id: 'w', revision: 1, name: 'Mine', description: '', input: start, graph, problems: [] }
  const workflow = made as unknown as Workflow
  const session = mayEdit ? openSession(workflow, null) : openToLook(workflow)
  const seen: { screen?: ScreenStore } = {}
  const drawn = show(
    <EditorProvider id="w" armed={{ runs: 0, ready: null, bytes: null }} mayEdit={mayEdit} {...session}>
      <Around {...given} onScreen={screen => Object.assign(seen, { screen })}>
        {part}
      </Around>
    </EditorProvider>,
  )
  /** What was read aloud last. */
  const heard = () => seen.screen?.getState().announcement
  return { ...session, ...drawn, heard }
}

interface AroundProps extends Omit<Given, 'input' | 'mayEdit'> {
  onScreen: (screen: ScreenStore) => void
  children: ReactElement
}

function Around({ graph, run = null, steps = [], problems = [], onScreen, children }: AroundProps) {
  onScreen(useParts().screen)
  const library = new Map(steps.map(step => [step.slug, step]))
  const actions = useActions(library)
  const lastRun = { run, looks: new Map(), stale: run ? staleNodes(graph, run.graph) : new Set<string>() }
  const value = { steps: library, problems, notes: [], lastRun, seen: new Map(), actions }
  return <SurroundingsProvider value={value}>{children}</SurroundingsProvider>
}
