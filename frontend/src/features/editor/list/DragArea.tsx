import {
  DndContext,
  type DragEndEvent,
  DragOverlay,
  type DragStartEvent,
  type Modifier,
  PointerSensor,
  pointerWithin,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { type ReactNode, useState } from 'react'
import { StepIcon } from '@/components/StepIcon'
import { useParts, useSurroundings } from '../context'
import { findNode, type Place } from '../model/graph'
import classes from './DragArea.module.css'

/** What is being dragged: a step from the palette, or a card of the list. */
export type Dragged = { kind: 'step'; slug: string } | { kind: 'node'; id: string }

/** Drag and drop for palette and list. Everything it does can also be done by click and by keyboard. */
export function DragArea({ children }: { children: ReactNode }) {
  const { steps, actions } = useSurroundings()
  const { document } = useParts()
  const [dragged, setDragged] = useState<Dragged | null>(null)
  // A click is no drag: only after some pixels does it start.
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 6 } }))

  const start = (event: DragStartEvent) => setDragged(event.active.data.current as Dragged)
  const end = (event: DragEndEvent) => {
    setDragged(null)
    if (!event.over) return
    // The map has no places of its own: a step that is dropped there goes where it belongs.
    const { place, below } = (event.over.data.current ?? {}) as { place?: Place; below?: string }
    const what = event.active.data.current as Dragged
    if (what.kind === 'node' && place) actions.moveTo(what.id, place, below)
    const step = what.kind === 'step' ? steps.get(what.slug) : undefined
    if (step) actions.add(step, place, below)
  }
  const shown = (() => {
    if (!dragged) return null
    if (dragged.kind === 'step') return steps.get(dragged.slug)
    const node = findNode(document.store.getState().document.graph, dragged.id)
    const step = node && steps.get(node.step)
    return step && { ...step, title: node.title ?? step.title }
  })()

  return (
    <DndContext
      sensors={sensors}
      collisionDetection={pointerWithin}
      onDragStart={start}
      onDragEnd={end}
      onDragCancel={() => setDragged(null)}
      // The editor has keys and announcements of its own.
      accessibility={{ announcements: SILENT, screenReaderInstructions: { draggable: '' } }}
    >
      {children}
      <DragOverlay dropAnimation={null} modifiers={[toThePointer]}>
        {shown && (
          <div className={classes.overlay}>
            <StepIcon icon={shown.icon} category={shown.category} size={30} />
            {shown.title}
          </div>
        )}
      </DragOverlay>
    </DndContext>
  )
}

/** What is dragged hangs at the pointer, also when a wide card was taken at its far end. */
const toThePointer: Modifier = ({ activatorEvent, draggingNodeRect, transform }) => {
  if (!(activatorEvent instanceof PointerEvent) || !draggingNodeRect) return transform
  const { clientX, clientY } = activatorEvent
  return {
    ...transform,
    x: transform.x + clientX - draggingNodeRect.left - 20,
    y: transform.y + clientY - draggingNodeRect.top - 20,
  }
}

const SILENT = {
  onDragStart: () => undefined,
  onDragOver: () => undefined,
  onDragEnd: () => undefined,
  onDragCancel: () => undefined,
}
