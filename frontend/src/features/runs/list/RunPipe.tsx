import { IconClock } from '@tabler/icons-react'
import { memo } from 'react'
import { usePreview } from '@/api/runs'
import { Pipe, PipeChip } from '@/components/flow/Pipe'
import { KindIcon } from '@/components/KindIcon'
import { contents } from '@/lib/contents'
import { bytes } from '@/lib/format'
import { sameLook, useRunState, useRunView } from '../context'
import { afterBytes, flowAfter } from '../model/flow'
import { useInSight } from '../useInSight'

interface Props {
  /** The node that writes into this pipe; null is what the run was given. */
  source: string | null
  edge?: string
}

/** The pipe from one card to the next. Clicking its label looks into it. */
export const RunPipe = memo(function RunPipe({ source, edge }: Props) {
  const { run, steps, look, onLook } = useRunView()
  const writer = useRunState(state => (source === null ? null : state.steps[source]))
  const rate = useRunState(state => (edge ? (state.edges[edge]?.rate ?? 0) : 0))
  const flow = useRunState(state => flowAfter(state, source))
  const [place, inSight] = useInSight()
  const done = source === null ? run.input !== null : writer?.status === 'succeeded'
  const size = source === null ? (run.input?.bytes ?? 0) : (writer?.bytesOut ?? 0)
  const { data: seen } = usePreview(run.id, source, 'output', 1, done && inSight)
  if (!done && size === 0) {
    return (
      <Pipe flow={flow}>
        <PipeChip tone="none" icon={flow === 'waiting' && <IconClock size={15} stroke={1.75} aria-hidden />}>
          {flow === 'waiting' ? 'nothing yet' : 'nothing came through'}
        </PipeChip>
      </Pipe>
    )
  }
  const gives = writer ? (steps.get(writer.step)?.gives ?? 'any') : (seen?.kind ?? 'any')
  const mine = { kind: 'pipe', source } as const
  const selected = sameLook(look, mine)
  const extra = done ? bytes(size) : writer?.status === 'running' && rate > 0 ? `${bytes(rate)}/s` : undefined
  const words = done ? contents(seen, gives) : `${bytes(size)} ${afterBytes(writer?.status)}`
  return (
    <div ref={place}>
      <Pipe flow={flow}>
        <PipeChip
          icon={<KindIcon kind={seen?.kind ?? gives} size={15} />}
          extra={extra}
          selected={selected}
          tone={flow === 'empty' ? 'none' : 'pipe'}
          onClick={() => onLook(selected ? null : mine)}
        >
          <span className="visually-hidden">Look into the pipe: </span>
          {words}
        </PipeChip>
      </Pipe>
    </div>
  )
})
