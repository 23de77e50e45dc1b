import { Button, Select } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { asFile, downloadAddress, usePreview } from '@/api/runs'
import { DataPreview } from '@/components/data'
import { contents } from '@/lib/contents'
import { bytes } from '@/lib/format'
import { useRunState, useRunView } from '../context'
import { lastSteps } from '../model/flow'
import classes from './ResultCard.module.css'

/** So many rows are looked at. */
const LOOK = 200

/** What the run made. It comes first, as that is what people came for; of several results one is chosen. */
export function Results() {
  const { run } = useRunView()
  // As one text, which is the same as long as they are.
  const ends = useRunState(state =>
    state.status === 'succeeded' ? lastSteps(state, run.graph.edges).join(' ') : '',
  )
  const [chosen, setChosen] = useState<string | null>(null)
  if (ends === '') return null
  const nodes = ends.split(' ')
  const node = chosen !== null && nodes.includes(chosen) ? chosen : (nodes[0] ?? '')
  return (
    <Result
      node={node}
      choice={nodes.length > 1 && <Choice nodes={nodes} value={node} onChange={setChosen} />}
    />
  )
}

interface ChoiceProps {
  nodes: string[]
  value: string
  onChange: (node: string | null) => void
}

function Choice({ nodes, value, onChange }: ChoiceProps) {
  const steps = useRunState(state => state.steps)
  return (
    <Select
      aria-label="Which result"
      size="xs"
      className={classes.choice}
      data={nodes.map(node => ({ value: node, label: steps[node]?.title ?? node }))}
      value={value}
      onChange={onChange}
      allowDeselect={false}
    />
  )
}

/** The result whose data has come last: until the chosen one's has, the one before stays where it is. */
function useCome(run: string, chosen: string): string | null {
  const { isPending } = usePreview(run, chosen, 'output', LOOK)
  const [come, setCome] = useState<string | null>(null)
  if (!isPending && come !== chosen) setCome(chosen)
  return come
}

function Result({ node: chosen, choice }: { node: string; choice: ReactNode }) {
  const { run, steps } = useRunView()
  const come = useCome(run.id, chosen)
  const node = come ?? chosen
  const step = useRunState(state => state.steps[node])
  const { data: seen } = usePreview(run.id, node, 'output', LOOK)
  // It comes whole, at once: what is below it moves only one time.
  if (!step || come === null) return null
  const address = downloadAddress(run.id, node)
  const empty = step.bytesOut === 0
  // What would have followed was left out: then it is said whose result this is.
  const early = run.graph.edges.some(edge => edge.source === node)
  const gives = steps.get(step.step)?.gives ?? 'any'
  return (
    <section className={classes.card} aria-label="Result">
      <header className={classes.head}>
        <h2>{early && !choice ? `Result of ${step.title}` : 'Result'}</h2>
        {choice}
        <span className={classes.what}>
          {contents(seen, gives)}
          {empty ? '' : ` · ${bytes(step.bytesOut ?? 0)}`}
        </span>
        {!empty && (
          <Button
            component="a"
            href={asFile(address)}
            download
            variant="light"
            leftSection={<IconDownload size={17} stroke={1.75} aria-hidden />}
          >
            Download
          </Button>
        )}
      </header>
      {seen && (
        <div className={classes.body} data-kind={seen.kind} aria-busy={come !== chosen}>
          <DataPreview key={node} preview={seen} address={address} label={`What came out of ${step.title}`} />
        </div>
      )}
    </section>
  )
}
