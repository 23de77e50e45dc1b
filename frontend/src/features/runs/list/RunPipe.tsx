import { IconClock, IconWaveSine } from '@tabler/icons-react'
import { memo, type ReactNode } from 'react'
import { usePreview } from '@/api/runs'
import type { GraphEdge } from '@/api/types'
import { Pipe, PipeChip } from '@/components/flow/Pipe'
import { KindIcon } from '@/components/KindIcon'
import { contents } from '@/lib/contents'
import { bytes } from '@/lib/format'
import { sameLook, useRunState, useRunView } from '../context'
import { afterBytes, flowIn, isFull, notTaken, PIPE_LOOK, pace } from '../model/flow'
import { useInSight } from '../useInSight'

interface Props {
  /** null is what the run was given. */
  edge: GraphEdge | null
  /** Said before what flows there: how one comes here. */
  heading?: (chip: ReactNode) => ReactNode
  /** It comes from elsewhere, and not from the card above. */
  short?: boolean
}

/** The pipe into a card. Clicking its label looks into it. */
export const RunPipe = memo(function RunPipe({ edge, heading = chip => chip, short = false }: Props) {
  const flow = useRunState(state => (edge ? flowIn(state, edge) : 'full'))
  const [place, inSight] = useInSight()
  return (
    <div ref={place}>
      <Pipe flow={flow} short={short}>
        {heading(edge ? <EdgeChip edge={edge} inSight={inSight} /> : <InputChip inSight={inSight} />)}
      </Pipe>
    </div>
  )
})

function InputChip({ inSight }: { inSight: boolean }) {
  const { run } = useRunView()
  const { data: seen } = usePreview(run.id, null, 'output', PIPE_LOOK, run.input !== null && inSight)
  return (
    <LookChip edge={null} kind={seen?.kind ?? 'any'} extra={bytes(run.input?.bytes ?? 0)}>
      {contents(seen, seen?.kind ?? 'any')}
    </LookChip>
  )
}

/** What went through a pipe of the workflow, or why nothing did. */
export function EdgeChip({
  edge,
  inSight = true,
  name,
}: {
  edge: GraphEdge
  inSight?: boolean
  name?: string
}) {
  const { run, steps } = useRunView()
  const writer = useRunState(state => state.steps[edge.source])
  const refusal = useRunState(state => notTaken(state, edge.id))
  const pipe = useRunState(state => state.edges[edge.id])
  const speed = useRunState(state => pace(state, edge))
  const flow = useRunState(state => flowIn(state, edge))
  const streams = useRunState(state => state.streams.has(edge.id))
  const done = useRunState(state => isFull(state, edge))
  const shown = done && inSight && refusal === null
  const { data: seen } = usePreview(run.id, edge.source, 'output', PIPE_LOOK, shown, edge.output)
  const size =
    edge.output === undefined ? Math.max(pipe?.bytes ?? 0, writer?.bytesOut ?? 0) : (seen?.bytes ?? 0)
  const prefix = name === undefined ? '' : `${name}: `
  if (refusal !== null) {
    // Where several meet, one that did not run is named, and the reason stands at its own card.
    const words = name !== undefined && writer?.status === 'skipped' ? `${name}: not taken` : prefix + refusal
    return <PipeChip tone="none">{words}</PipeChip>
  }
  if (!done && size === 0) {
    const words = flow === 'waiting' ? 'nothing yet' : 'nothing came through'
    return (
      <PipeChip
        tone="none"
        icon={flow === 'waiting' && <IconClock size={15} stroke={1.75} aria-hidden />}
        extra={speed ?? undefined}
      >
        {prefix + words}
      </PipeChip>
    )
  }
  const gives = steps.get(writer?.step ?? '')?.gives ?? 'any'
  const words = done ? contents(seen, gives) : `${bytes(size)} ${afterBytes(writer?.status)}`
  return (
    <LookChip
      edge={edge.id}
      kind={seen?.kind ?? gives}
      streams={streams && !done}
      extra={done ? bytes(size) : (speed ?? undefined)}
      empty={flow === 'empty'}
    >
      {prefix + words}
    </LookChip>
  )
}

interface LookChipProps {
  edge: string | null
  kind: string
  extra: string | undefined
  streams?: boolean
  empty?: boolean
  children: ReactNode
}

function LookChip({ edge, kind, extra, streams = false, empty = false, children }: LookChipProps) {
  const { look, onLook } = useRunView()
  const mine = { kind: 'pipe', edge } as const
  const selected = sameLook(look, mine)
  return (
    <PipeChip
      icon={
        streams ? <IconWaveSine size={15} stroke={1.75} aria-hidden /> : <KindIcon kind={kind} size={15} />
      }
      extra={extra}
      selected={selected}
      tone={empty ? 'none' : 'pipe'}
      onClick={() => onLook(selected ? null : mine)}
    >
      <span className="visually-hidden">Look into the pipe: </span>
      {children}
    </PipeChip>
  )
}
