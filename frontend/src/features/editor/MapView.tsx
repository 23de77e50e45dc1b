import { useDndContext, useDroppable } from '@dnd-kit/core'
import { lazy, Suspense } from 'react'
import { ownPlace } from './actions'
import { INPUT, useDocument, useParts, useScreen, useSurroundings } from './context'
import type { Dragged } from './list/DragArea'
import { useTitle } from './list/Gap'
import classes from './MapView.module.css'

const WorkflowMap = lazy(async () => ({ default: (await import('@/canvas')).WorkflowMap }))

/** The workflow as a map. A step from the palette may be dropped anywhere on it. */
export function MapView() {
  const { screen } = useParts()
  const { steps } = useSurroundings()
  const graph = useDocument(document => document.graph)
  const input = useDocument(document => document.input)
  const selected = useScreen(state => state.selected)
  const { setNodeRef, isOver } = useDroppable({ id: 'map' })
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
          selected={selected === INPUT ? 'input' : selected}
          onSelect={id => screen.setState({ selected: id === 'input' ? INPUT : id })}
        />
      </Suspense>
      {isOver && <DropHint />}
    </section>
  )
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
