import { useDndContext, useDroppable } from '@dnd-kit/core'
import { ActionIcon, Tooltip } from '@mantine/core'
import { IconAlertTriangle, IconCornerDownRight, IconPlus } from '@tabler/icons-react'
import { Pipe, PipeChip } from '@/components/flow/Pipe'
import { KindIcon } from '@/components/KindIcon'
import { contents } from '@/lib/contents'
import { bytes } from '@/lib/format'
import { fits, kindWord } from '@/lib/kinds'
import { INPUT, useDocument, useParts, useSurroundings } from '../context'
import { findNode, type Place } from '../model/graph'
import { kindAfter, misfit } from '../model/kinds'
import type { Row } from '../model/rows'
import type { Dragged } from './DragArea'
import classes from './Gap.module.css'

interface Props {
  place: Place
  /** The card below, and whether its data comes from the card above. */
  next: Row
}

/** The pipe between two cards: what flows through it, a place to drop a step, a button to add one. */
export function Gap({ place, next }: Props) {
  const { screen } = useParts()
  const { drop, over, hint } = useDropHint(place)
  const connected = next.direct && (place.after !== null || next.pipes.length === 0)
  const titleAbove = useTitle(place.after)
  const dry = useDocument(document => place.after === null && document.input.kind === 'none')
  const add = (
    <Tooltip label="Add a step here">
      <ActionIcon
        className={classes.add}
        variant="default"
        radius="xl"
        size={26}
        aria-label={place.after === null ? 'Add a step at the start' : `Add a step after ${titleAbove}`}
        onClick={() => screen.setState({ adding: { place, below: connected ? next.node.id : undefined } })}
      >
        <IconPlus size={15} stroke={1.75} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
  return (
    <div ref={drop} className={classes.gap} data-over={over || undefined} data-fits={hint === null}>
      <Pipe
        flow={connected && !dry ? 'full' : 'empty'}
        aside={add}
        className={connected ? undefined : classes.parted}
      >
        {over ? (
          <DropHint hint={hint} />
        ) : connected ? (
          <Passing from={place.after} next={next} />
        ) : (
          <Sources row={next} />
        )}
      </Pipe>
    </div>
  )
}

/** The end of the list: a place to drop, and what stands there otherwise. */
export function EndGap({ place, children }: { place: Place; children: React.ReactNode }) {
  const { drop, over, hint } = useDropHint(place)
  return (
    <div ref={drop} className={classes.end} data-over={over || undefined} data-fits={hint === null}>
      {over ? <DropHint hint={hint} /> : children}
    </div>
  )
}

function useDropHint(place: Place) {
  const { steps } = useSurroundings()
  const graph = useDocument(document => document.graph)
  const input = useDocument(document => document.input)
  const { setNodeRef, isOver } = useDroppable({ id: `gap ${place.after ?? ''}`, data: { place } })
  const { active } = useDndContext()
  const dragged = active?.data.current as Dragged | undefined
  const slug = dragged?.kind === 'step' ? dragged.slug : findNode(graph, dragged?.id ?? null)?.step
  const step = slug === undefined ? undefined : steps.get(slug)
  const hint = step ? misfit(kindAfter({ graph, input, steps }, place.after), step) : null
  return { drop: setNodeRef, over: isOver, hint: hint === null ? null : `“${step?.title}” ${hint}` }
}

function DropHint({ hint }: { hint: string | null }) {
  return <span className={classes.hint}>{hint ?? 'Put it here'}</span>
}

export function useTitle(id: string | null): string {
  const { steps } = useSurroundings()
  return useDocument(document => {
    if (id === null) return document.input.title || 'the input'
    const node = findNode(document.graph, id)
    return node ? (node.title ?? steps.get(node.step)?.title ?? node.step) : id
  })
}

/** For a card that reads from elsewhere than the card above. */
function Sources({ row }: { row: Row }) {
  const { steps } = useSurroundings()
  const graph = useDocument(document => document.graph)
  const input = useDocument(document => document.input)
  const names = row.pipes.map(pipe => {
    const node = findNode(graph, pipe.source)
    return node ? (node.title ?? steps.get(node.step)?.title ?? node.step) : pipe.source
  })
  const takes = steps.get(row.node.step)?.takes
  if (names.length === 0 && (takes === 'nothing' || input.kind === 'none')) {
    return <PipeChip tone="none">starts by itself</PipeChip>
  }
  const from = names.length === 0 ? input.title || 'the input' : names.join(', then ')
  return (
    <PipeChip tone="none" icon={<IconCornerDownRight size={15} stroke={1.75} aria-hidden />}>
      reads from “{from}”
    </PipeChip>
  )
}

/** What flows here: from the last run where it still holds, else the kind of data. */
function Passing({ from, next }: { from: string | null; next: Row }) {
  const { steps, lastRun, actions } = useSurroundings()
  const graph = useDocument(document => document.graph)
  const input = useDocument(document => document.input)
  const kind = kindAfter({ graph, input, steps }, from)
  const reader = steps.get(next.node.step)
  if (from === null && reader?.takes === 'nothing') return null
  if (from === null && kind === 'nothing') {
    return reader ? (
      <button type="button" className={classes.give} onClick={() => actions.select(INPUT)}>
        “{reader.title}” needs something to work on: give it a text or a file
      </button>
    ) : null
  }
  if (reader && !fits(kind, reader.takes)) {
    return (
      <span className={classes.misfit}>
        <IconAlertTriangle size={15} stroke={1.75} aria-hidden />
        <span>
          “{reader.title}” {misfit(kind, reader)}
        </span>
      </span>
    )
  }
  const stale = from === null ? false : lastRun.stale.has(from)
  const look = stale ? undefined : lastRun.looks.get(from ?? '')
  const icon = <KindIcon kind={look?.kind ?? kind} />
  if (!look) return <PipeChip icon={icon}>{kindWord(kind)}</PipeChip>
  return (
    <PipeChip icon={icon} extra={bytes(look.bytes)} onClick={() => actions.look(from)}>
      {contents(look, kind)}
      <span className="visually-hidden">, look into it</span>
    </PipeChip>
  )
}
