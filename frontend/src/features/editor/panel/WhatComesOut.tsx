import { Anchor, Button } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { ago, bytes, plural } from '@/lib/format'
import { useRunning } from '../bar/useRunning'
import { useDocument, useSurroundings } from '../context'
import { incoming } from '../model/graph'
import { Look } from './Look'
import classes from './WhatComesOut.module.css'

/** What the step gave on in the last run, and, asked for, what it had been given. */
export function WhatComesOut({ node }: { node: string }) {
  const { lastRun, problems } = useSurroundings()
  const graph = useDocument(document => document.graph)
  const { run: start, busy } = useRunning()
  const [side, setSide] = useState<'out' | 'in'>('out')
  const { run } = lastRun
  const source = incoming(graph, node)[0]?.source ?? ''
  const look = lastRun.looks.get(side === 'out' ? node : source)
  const stale = lastRun.stale.has(node)
  const record = run?.steps.find(step => step.node === node)

  return (
    <section aria-label="What comes out">
      <div className={classes.head}>
        <h3 className={classes.heading}>{side === 'out' ? 'What comes out' : 'What came in'}</h3>
        {problems.length === 0 && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlayerPlay size={15} stroke={1.75} aria-hidden />}
            loading={busy}
            onClick={() => void start()}
          >
            Try it
          </Button>
        )}
      </div>
      {run && look ? (
        <>
          <Look
            look={look}
            run={run.id}
            node={side === 'out' ? node : source || null}
            label={side === 'out' ? 'What came out' : 'What came in'}
          />
          <p className={classes.note}>
            {look.kind === 'table' && look.total_rows != null
              ? plural(look.total_rows, 'row')
              : bytes(look.bytes)}
            , from the last run, {ago(run.finished_at ?? run.created_at)}
            {stale && side === 'out' ? ', before your last changes' : ''}.{' '}
            {(side === 'in' || lastRun.looks.has(source)) && (
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
          </p>
        </>
      ) : (
        <p className={classes.note}>
          {record?.status === 'failed' && run ? (
            <>
              It failed in the last run: {record.error ?? record.failure?.message}{' '}
              <Anchor component={Link} to={`/runs/${run.id}`} fz="inherit" fw={600}>
                See the run
              </Anchor>
            </>
          ) : (
            'You see it here after the first run with this step.'
          )}
        </p>
      )}
    </section>
  )
}
