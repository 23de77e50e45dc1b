import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { downloadAddress, usePreview } from '@/api/runs'
import { DataPreview } from '@/components/data'
import { contents } from '@/lib/contents'
import { bytes } from '@/lib/format'
import { useRunState, useRunView } from '../context'
import classes from './ResultCard.module.css'

/** What the run made: of every step that nothing follows. It comes first, as that is what people came for. */
export function Results() {
  const { run } = useRunView()
  const over = useRunState(state => state.status === 'succeeded')
  if (!over) return null
  const sources = new Set(run.graph.edges.map(edge => edge.source))
  const ends = run.steps.filter(step => !sources.has(step.node))
  return ends.map(step => <Result key={step.node} node={step.node} several={ends.length > 1} />)
}

function Result({ node, several }: { node: string; several: boolean }) {
  const { run, steps } = useRunView()
  const step = useRunState(state => state.steps[node])
  const { data: seen, isPending } = usePreview(run.id, node, 'output', 200, step?.status === 'succeeded')
  // It comes whole, at once: what is below it moves only one time.
  if (step?.status !== 'succeeded' || isPending) return null
  const address = downloadAddress(run.id, node)
  const empty = step.bytesOut === 0
  const gives = steps.get(step.step)?.gives ?? 'any'
  return (
    <section className={classes.card} aria-label={several ? `Result of ${step.title}` : 'Result'}>
      <header className={classes.head}>
        <h2>{several ? step.title : 'Result'}</h2>
        <span className={classes.what}>
          {contents(seen, gives)}
          {empty ? '' : ` · ${bytes(step.bytesOut ?? 0)}`}
        </span>
        {!empty && (
          <Button
            component="a"
            href={`${address}?download=1`}
            download
            variant="light"
            leftSection={<IconDownload size={17} stroke={1.75} aria-hidden />}
          >
            Download
          </Button>
        )}
      </header>
      {seen && (
        <div className={classes.body} data-kind={seen.kind}>
          <DataPreview preview={seen} address={address} label={`What came out of ${step.title}`} />
        </div>
      )}
    </section>
  )
}
