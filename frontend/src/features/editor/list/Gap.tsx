import { useDndContext, useDroppable } from '@dnd-kit/core'
import { ActionIcon, Tooltip } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Pipe } from '@/components/flow/Pipe'
import { useDocument, useParts, useSurroundings } from '../context'
import { findNode, type Place } from '../model/graph'
import { kindAfter, misfit } from '../model/kinds'
import type { Row } from '../model/rows'
import { useTitle } from '../titles'
import type { Dragged } from './DragArea'
import classes from './Gap.module.css'
import { Passing } from './Passing'
import { SectionHead } from './SectionHead'

interface Props {
  /** The card above; null for the input. */
  above: string | null
  row: Row
}

/** What leads into a card: what flows there, how one comes here, a place to drop a step, a button to add one. */
export function Gap({ above, row }: Props) {
  const { mayEdit } = useParts()
  const { place, below } = entrance(above, row)
  const { drop, over, hint } = useDropHint(row.node.id, place, below)
  const joined = row.direct && (above !== null || row.pipes.length === 0)
  const { steps } = useSurroundings()
  const reads = steps.get(row.node.step)?.takes !== 'nothing'
  const dry = useDocument(document => document.input.kind === 'none')
  const leads = row.pipes.length > 0 || (reads && !dry)
  return (
    <div
      ref={drop}
      className={classes.gap}
      data-over={over || undefined}
      data-fits={hint === null}
      data-section={(row.section && !row.direct) || undefined}
    >
      <Pipe
        flow={place.after !== null || !dry ? 'full' : 'empty'}
        short={!joined && leads}
        aside={mayEdit && <AddHere place={place} below={below} into={row} />}
        className={joined || leads ? undefined : classes.bare}
      >
        <Under over={over} hint={hint}>
          {row.section ? <SectionHead row={row} /> : <Passing pipe={row.pipes[0]} reader={row.node} />}
        </Under>
      </Pipe>
    </div>
  )
}

/** Where a step goes that is put here: into the pipe from the card above if there is one, else into the first. */
function entrance(above: string | null, row: Row): { place: Place; below: string | undefined } {
  const [first] = row.pipes
  if (!first) {
    // A further start gets a start of its own before it.
    return { place: { after: null }, below: row.node.id }
  }
  const pipe = row.pipes.find(each => each.source === above) ?? first
  return { place: { after: pipe.source }, below: row.node.id }
}

interface AddHereProps {
  place: Place
  below: string | undefined
  into: Row
}

function AddHere({ place, below, into }: AddHereProps) {
  const { screen } = useParts()
  const source = useTitle(place.after)
  const target = useTitle(into.node.id)
  const name = into.section
    ? `Add a step before ${target}`
    : place.after === null
      ? 'Add a step at the start'
      : `Add a step after ${source}`
  return (
    <Tooltip label="Add a step here">
      <ActionIcon
        className={classes.add}
        variant="default"
        radius="xl"
        size={26}
        aria-label={name}
        onClick={() => screen.setState({ adding: { place, below } })}
      >
        <IconPlus size={15} stroke={1.75} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}

/** The end of a way: a place to drop, and what stands there otherwise. */
export function EndGap({ place, children }: { place: Place; children: React.ReactNode }) {
  const { drop, over, hint } = useDropHint(`end ${place.after ?? ''}`, place)
  return (
    <div ref={drop} className={classes.end} data-over={over || undefined} data-fits={hint === null}>
      <Under over={over} hint={hint}>
        {children}
      </Under>
    </div>
  )
}

function useDropHint(name: string, place: Place, below?: string) {
  const { steps } = useSurroundings()
  const graph = useDocument(document => document.graph)
  const input = useDocument(document => document.input)
  const { setNodeRef, isOver } = useDroppable({ id: `gap ${name}`, data: { place, below } })
  const { active } = useDndContext()
  const dragged = active?.data.current as Dragged | undefined
  const slug = dragged?.kind === 'step' ? dragged.slug : findNode(graph, dragged?.id ?? null)?.step
  const step = slug === undefined ? undefined : steps.get(slug)
  const hint = step ? misfit(kindAfter({ graph, input, steps }, place.after), step) : null
  return { drop: setNodeRef, over: isOver, hint: hint === null ? null : `“${step?.title}” ${hint}` }
}

/** What stands at a place, and over it, while something hangs there, the hint. It keeps its room, or the place would slip away. */
function Under({ over, hint, children }: { over: boolean; hint: string | null; children: React.ReactNode }) {
  return (
    <>
      <span className={classes.under} data-over={over || undefined}>
        {children}
      </span>
      {over && <span className={classes.hint}>{hint ?? 'Put it here'}</span>}
    </>
  )
}
