import type { GraphEdge } from '@/api/types'
import { useSurroundings } from '../context'
import { LastLook } from '../panel/LastLook'
import classes from './PipePanel.module.css'

/** What went through a pipe in the last run. */
export function WhatFlows({ pipe }: { pipe: GraphEdge }) {
  const { run } = useSurroundings().lastRun
  const then = run?.graph.edges.some(edge => edge.id === pipe.id)
  const way = then && run?.steps.find(step => step.node === pipe.source)?.ways[pipe.id]
  return (
    <section aria-label="What flows here">
      <h3 className={classes.label}>What flows here</h3>
      <LastLook
        node={pipe.source}
        pipe={pipe}
        label="What flows here"
        unseen={run ? 'You see it here after the next run.' : 'You see it here after the first run.'}
      >
        {way && !way.taken && `This way was not taken: ${way.why}.`}
      </LastLook>
    </section>
  )
}
