import { IconClock } from '@tabler/icons-react'
import { usePreview } from '@/api/runs'
import type { Preview } from '@/api/types'
import { type Flow, Pipe, PipeChip } from '@/components/flow/Pipe'
import { KindIcon } from '@/components/KindIcon'
import { bytes, plural } from '@/lib/format'
import { kindWord } from '@/lib/kinds'
import { sameLook, useRunState, useRunView } from '../context'
import { isOver } from '../model/events'

interface Props {
  /** The node that writes into this pipe; null is what the run was given. */
  source: string | null
  edge?: string
}

/** The pipe from one card to the next. Clicking its label looks into it. */
export function RunPipe({ source, edge }: Props) {
  const { run, steps, look, onLook } = useRunView()
  const writer = useRunState(state => (source === null ? null : state.steps[source]))
  const rate = useRunState(state => (edge ? (state.edges[edge]?.rate ?? 0) : 0))
  const runOver = useRunState(state => isOver(state.status))
  const done = source === null ? run.input !== null : writer?.status === 'succeeded'
  const size = source === null ? (run.input?.bytes ?? 0) : (writer?.bytesOut ?? 0)
  const { data: seen } = usePreview(run.id, source, 'output', 1, done)
  const flow: Flow = done ? 'full' : writer?.status === 'running' ? 'flowing' : runOver ? 'empty' : 'waiting'
  if (!done && size === 0) {
    return (
      <Pipe flow={flow}>
        <PipeChip tone="none" icon={runOver ? undefined : <IconClock size={15} stroke={1.75} aria-hidden />}>
          {runOver ? 'nothing came through' : 'nothing yet'}
        </PipeChip>
      </Pipe>
    )
  }
  const gives = writer ? (steps.get(writer.step)?.gives ?? 'any') : (seen?.kind ?? 'any')
  const mine = { kind: 'pipe', source } as const
  const selected = sameLook(look, mine)
  const extra = done ? bytes(size) : rate > 0 ? `${bytes(rate)}/s` : undefined
  const words = done ? contents(seen, gives) : `${bytes(size)} so far`
  return (
    <Pipe flow={flow}>
      <PipeChip
        icon={<KindIcon kind={seen?.kind ?? gives} size={15} />}
        extra={extra}
        selected={selected}
        onClick={() => onLook(selected ? null : mine)}
        label={`Look into this pipe: ${words}${extra ? `, ${extra}` : ''}`}
      >
        {words}
      </PipeChip>
    </Pipe>
  )
}

const KINDS: Record<Preview['kind'], string> = {
  table: 'Table',
  json: 'JSON',
  text: 'Text',
  picture: 'Picture',
  html: 'Web page',
  binary: 'File',
  empty: 'Empty',
}

/** “Table · 2,340 rows”. */
export function contents(seen: Preview | undefined, gives: string): string {
  if (!seen) return kindWord(gives)
  const word = KINDS[seen.kind]
  return seen.total_rows !== null && seen.total_rows !== undefined && seen.kind === 'table'
    ? `${word} · ${plural(seen.total_rows, 'row')}`
    : word
}
