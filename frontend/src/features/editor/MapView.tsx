import { useDndContext, useDroppable } from '@dnd-kit/core'
import { lazy, Suspense, useEffect, useMemo } from 'react'
import { GIVEN } from '@/canvas/given'
import { ownPlace } from './actions'
import { chosenPipe, INPUT, useDocument, useParts, useScreen, useSurroundings } from './context'
import type { Dragged } from './list/DragArea'
import classes from './MapView.module.css'
import { editorOverlay } from './mapOverlay'
import { cannotConnect } from './model/pipes'
import { useTitle } from './titles'

const DRAWN = 60 // ms
const WorkflowMap = lazy(async () => ({ default: (await import('@/canvas')).WorkflowMap }))

/** The workflow as a map. A step from the palette may be dropped anywhere on it. */
export function MapView() {
  const { screen, mayEdit } = useParts()
  const { steps, actions, problems, lastRun } = useSurroundings()
  const graph = useDocument(document => document.graph)
  const input = useDocument(document => document.input)
  const selected = useScreen(state => state.selected)
  const overlay = useMemo(
    () => editorOverlay({ graph, input, steps, problems, lastRun }),
    [graph, input, steps, problems, lastRun],
  )
  const { setNodeRef, isOver } = useDroppable({ id: 'map' })
  useHeldBox()
  return (
    <section
      ref={setNodeRef}
      className={classes.map}
      data-over={isOver || undefined}
      aria-label="Map of the workflow"
    >
      <Suspense fallback={null}>
        <WorkflowMap
          graph={graph}
          steps={steps}
          input={input}
          selected={selected === INPUT ? GIVEN : selected}
          onSelect={id => screen.setState({ selected: id === GIVEN ? INPUT : id })}
          overlay={overlay}
          pipe={chosenPipe(selected)}
          onPipe={actions.selectPipe}
          {...(mayEdit && { onConnect: actions.connect })}
          canConnect={(source, target) => cannotConnect(graph, source, target) === null}
        />
      </Suspense>
      {isOver && <DropHint />}
    </section>
  )
}

/** The box that the keyboard goes to next, as what had it is gone. */
function useHeldBox(): void {
  const { screen } = useParts()
  const held = useScreen(state => state.held)
  useEffect(() => {
    if (held === null) return
    // After the map has drawn what has just come.
    const timer = setTimeout(() => {
      const box = CSS.escape(held === INPUT ? GIVEN : held)
      document.querySelector<HTMLElement>(`.react-flow__node[data-id="${box}"] button`)?.focus()
      screen.setState({ held: null })
    }, DRAWN)
    return () => clearTimeout(timer)
  }, [held, screen])
}

/** Says where the step goes, as the map has no gaps to drop it into. */
function DropHint() {
  const { steps } = useSurroundings()
  const graph = useDocument(document => document.graph)
  const selected = useScreen(state => state.selected)
  const { active } = useDndContext()
  const dragged = active?.data.current as Dragged | undefined
  const step = dragged?.kind === 'step' ? steps.get(dragged.slug) : undefined
  const after = step ? ownPlace(graph, selected, step).after : null
  const title = useTitle(after)
  return (
    <p className={classes.hint}>
      {after === null ? 'Put it here: it goes to the start' : `Put it here: it goes after “${title}”`}
    </p>
  )
}
