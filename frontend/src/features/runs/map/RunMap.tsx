import { lazy, Suspense, useCallback, useMemo, useState } from 'react'
import { GIVEN } from '@/canvas/given'
import { useRunView, type Wanted } from '../context'
import type { RunState } from '../model/state'
import { runOverlay } from './overlay'
import classes from './RunMap.module.css'
import { useLooks } from './useLooks'

const WorkflowMap = lazy(async () => ({ default: (await import('@/canvas')).WorkflowMap }))

/** The run as a map. Boxes open their step, the words on a pipe open a look into it. */
export function RunMap() {
  const { run, steps, store, look, onLook, wanted } = useRunView()
  const [failed] = useState(() => failureAtFirst(store.getState()))
  const looks = useLooks()
  const overlay = useMemo(() => runOverlay(run, store, steps, looks), [run, store, steps, looks])
  const input = useMemo(() => givenTo(run.input), [run.input])
  const select = useCallback(
    (id: string | null) => {
      if (id === null) onLook(null)
      else onLook(id === GIVEN ? { kind: 'pipe', edge: null } : { kind: 'step', node: id })
    },
    [onLook],
  )
  const open = useCallback(
    // Pipes from the run's input are no edges of the graph.
    (pipe: string) =>
      onLook({ kind: 'pipe', edge: run.graph.edges.some(edge => edge.id === pipe) ? pipe : null }),
    [run, onLook],
  )
  const given = look?.kind === 'pipe' && look.edge === null
  return (
    <section className={classes.map} aria-label="Map of the run">
      <Suspense fallback={null}>
        <WorkflowMap
          graph={run.graph}
          steps={steps}
          input={input}
          selected={look?.kind === 'step' ? look.node : given ? GIVEN : null}
          onSelect={select}
          overlay={overlay}
          wanted={wanted ?? failed}
          pipe={look?.kind === 'pipe' ? look.edge : null}
          onPipe={open}
        />
      </Suspense>
    </section>
  )
}

/** The map of a run that failed begins at what failed. */
function failureAtFirst({ failedNode: node }: RunState): Wanted | null {
  return node === null ? null : { node, held: false }
}

function givenTo(input: { kind: string; name: string } | null) {
  if (input === null) return null
  // A sample is a file where it has a name, else a text.
  return { kind: input.name ? 'file' : 'text', title: 'What went in', name: input.name } as const
}
