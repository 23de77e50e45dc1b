import { FlowCard } from '@/components/flow/FlowCard'
import { bytes } from '@/lib/format'
import { sameLook, useRunView } from '../context'

/** What the run was given at its start. */
export function InputCard() {
  const { run, look, onLook } = useRunView()
  if (!run.input) return null
  const mine = { kind: 'pipe', edge: null } as const
  const selected = sameLook(look, mine)
  const { name, bytes: size, kind } = run.input
  const what =
    name || (kind === 'text' ? 'A text given at the start' : 'The text that the workflow brings along')
  return (
    <FlowCard
      icon="upload"
      category="get"
      title="What went in"
      line={`${what}, ${bytes(size)}`}
      selected={selected}
      onSelect={() => onLook(selected ? null : mine)}
    />
  )
}
