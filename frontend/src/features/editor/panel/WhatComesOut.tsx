import { Anchor, Button } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useState } from 'react'
import { RunDialog } from '../bar/RunDialog'
import { useRunning } from '../bar/useRunning'
import { useDocument, useParts, useSurroundings } from '../context'
import { fateOf } from '../lastRun'
import { incoming } from '../model/graph'
import { LastLook } from './LastLook'
import classes from './WhatComesOut.module.css'

/** What the step gave on in the last run, and, asked for, what it had been given. */
export function WhatComesOut({ node }: { node: string }) {
  const { lastRun, problems } = useSurroundings()
  const graph = useDocument(document => document.graph)
  const { start, busy, dialog } = useRunning()
  const { mayRun } = useParts()
  const [side, setSide] = useState<'out' | 'in'>('out')
  const [pipe] = incoming(graph, node)
  const source = pipe?.source ?? null

  return (
    <section aria-label="What comes out">
      <div className={classes.head}>
        <h3 className={classes.heading}>{side === 'out' ? 'What comes out' : 'What came in'}</h3>
        {problems.length === 0 && mayRun && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlayerPlay size={15} stroke={1.75} aria-hidden />}
            loading={busy}
            onClick={start}
          >
            Try it
          </Button>
        )}
      </div>
      <RunDialog {...dialog} />
      <LastLook
        node={side === 'out' ? node : source}
        pipe={side === 'out' ? undefined : pipe}
        label={side === 'out' ? 'What came out' : 'What came in'}
        unseen="You see it here after the first run with this step."
      >
        {(side === 'in' || fateOf(lastRun.run, source, pipe?.id) === 'came') && (
          <Anchor
            component="button"
            type="button"
            fz="inherit"
            fw={600}
            onClick={() => setSide(side === 'out' ? 'in' : 'out')}
          >
            {side === 'out' ? 'See what came in' : 'See what came out'}
          </Anchor>
        )}
      </LastLook>
    </section>
  )
}
