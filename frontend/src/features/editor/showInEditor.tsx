import type { ReactElement } from 'react'
import type { Graph, Run, Workflow, WorkflowInput } from '@/api/types'
import { show } from '@/test/render'
import { useActions } from './actions'
import { EditorProvider, SurroundingsProvider } from './context'
import { staleNodes } from './lastRun'
import { openSession } from './session'

interface Given {
  graph: Graph
  run?: Run | null
  input?: Partial<WorkflowInput>
}

/** For tests: draws a part of the editor as it stands in an opened workflow, with a library that is empty. */
export function showInEditor(part: ReactElement, { graph, run = null, input = {} }: Given) {
  const given = { kind: 'none', title: '', sample: '', ...input }
  const workflow = { id: 'w', revision: 1, name: 'Mine', description: '', input: given, graph, problems: [] }
  const session = openSession(workflow as unknown as Workflow, null)
  const drawn = show(
    <EditorProvider id="w" armed={{ runs: 0, ready: null, bytes: null }} {...session}>
      <Around graph={graph} run={run}>
        {part}
      </Around>
    </EditorProvider>,
  )
  return { ...session, ...drawn }
}

function Around({ graph, run, children }: { graph: Graph; run: Run | null; children: ReactElement }) {
  const steps = new Map()
  const actions = useActions(steps)
  const lastRun = { run, looks: new Map(), stale: run ? staleNodes(graph, run.graph) : new Set<string>() }
  const value = { steps, problems: [], notes: [], lastRun, seen: new Map(), actions }
  return <SurroundingsProvider value={value}>{children}</SurroundingsProvider>
}
