import { Select } from '@mantine/core'
import type { GraphEdge } from '@/api/types'

type Mode = NonNullable<GraphEdge['mode']>

const MODES: { value: Mode; label: string }[] = [
  { value: 'keep', label: 'one step after the other' },
  { value: 'stream', label: 'let it stream: both work at once' },
  { value: 'stream+keep', label: 'let it stream, and keep it too' },
]

const HELP: Record<Mode, string> = {
  keep: 'The data is kept: it can be looked at, downloaded, and used again.',
  stream: 'Faster for much data. Afterwards only its beginning can be looked at.',
  'stream+keep': 'Faster than one after the other, and all of it can be looked at.',
}

/** How the data flows. */
export function FlowChoice({ mode, onChange }: { mode: Mode; onChange: (mode: Mode) => void }) {
  return (
    <Select
      label="How it flows"
      description={HELP[mode]}
      inputWrapperOrder={['label', 'input', 'description']}
      data={MODES}
      value={mode}
      onChange={value => onChange((value ?? 'keep') as Mode)}
      allowDeselect={false}
    />
  )
}
