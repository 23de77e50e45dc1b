import { usePreview } from '@/api/runs'
import type { GraphEdge } from '@/api/types'
import { ago, bytes, plural } from '@/lib/format'
import { useSurroundings } from '../context'
import { Look } from '../panel/Look'
import classes from './PipePanel.module.css'

/** What went through a pipe in the last run. */
export function WhatFlows({ pipe }: { pipe: GraphEdge }) {
  const { lastRun } = useSurroundings()
  const { run } = lastRun
  const record = run?.steps.find(step => step.node === pipe.source)
  const came = record?.status === 'succeeded'
  const then = run?.graph.edges.find(edge => edge.id === pipe.id)
  const way = then && record?.ways[pipe.id]
  const { data: look } = usePreview(run?.id, pipe.source, 'output', 8, came, pipe.output)
  return (
    <section aria-label="What flows here">
      <h3 className={classes.label}>What flows here</h3>
      {run && look ? (
        <>
          <Look look={look} run={run.id} node={pipe.source} of={pipe.output} label="What flows here" />
          <p className={classes.help}>
            {look.kind === 'table' && look.total_rows != null
              ? plural(look.total_rows, 'row')
              : bytes(look.bytes)}
            , from the last run, {ago(run.finished_at ?? run.created_at)}
            {lastRun.stale.has(pipe.source) ? ', before your last changes' : ''}.
            {look.is_sample ? ' Only the beginning: it was not kept.' : ''}
            {way && !way.taken ? ` This way was not taken: ${way.why}.` : ''}
          </p>
        </>
      ) : (
        <p className={classes.help}>You see it here after the first run.</p>
      )}
    </section>
  )
}
