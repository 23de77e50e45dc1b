import { Anchor } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { ApiError, sentence } from '@/api/errors'
import { usePreview } from '@/api/runs'
import type { GraphEdge, Preview, Run } from '@/api/types'
import { ago, bytes, plural } from '@/lib/format'
import { useSurroundings } from '../context'
import { fateOf } from '../lastRun'
import { useTitle } from '../titles'
import { Look } from './Look'
import classes from './Look.module.css'

interface Props {
  /** Whose output is looked at; null for what the run was given. */
  node: string | null
  /** The pipe that it is seen in. */
  pipe?: GraphEdge | undefined
  label: string
  /** What stands there as long as no run has brought anything. */
  unseen: string
  /** More to say of it. */
  children?: ReactNode
}

/** What came out of a step in the last run; or, in words, why there is nothing to see. */
export function LastLook({ node, pipe, label, unseen, children }: Props) {
  const { run } = useSurroundings().lastRun
  const fate = fateOf(run, node, pipe?.id)
  const seen = usePreview(run?.id, node, 'output', 8, fate === 'came', pipe?.output)
  if (run && fate === 'came' && seen.data) {
    return (
      <>
        <Look look={seen.data} run={run.id} node={node} of={pipe?.output} label={label} />
        <p className={classes.note}>
          <Facts look={seen.data} run={run} node={node} /> {children}
        </p>
      </>
    )
  }
  const why = () => {
    if (run && (fate === 'failed' || fate === 'not started')) return <Unlucky run={run} node={node} />
    if (fate !== 'came') return unseen
    return seen.error ? <Missing error={seen.error} onRetry={() => void seen.refetch()} /> : 'Looking…'
  }
  return (
    <p className={classes.note}>
      {why()} {children}
    </p>
  )
}

/** “1,284 rows, from the last run, 5 minutes ago, before your last changes.” */
function Facts({ look, run, node }: { look: Preview; run: Run; node: string | null }) {
  const { stale } = useSurroundings().lastRun
  const size =
    look.kind === 'table' && look.total_rows != null ? plural(look.total_rows, 'row') : bytes(look.bytes)
  const when = `${size}, from the last run, ${ago(run.finished_at ?? run.created_at)}`
  const before = node !== null && stale.has(node) ? ', before your last changes' : ''
  return `${when}${before}.${look.is_sample ? ' Only the beginning: it was not kept.' : ''}`
}

function Unlucky({ run, node }: { run: Run; node: string | null }) {
  const title = useTitle(node)
  const record = run.steps.find(step => step.node === node)
  const why = record?.error ?? record?.failure?.message
  const failed = `failed in the last run${why ? `: ${why}` : '.'}`
  return (
    <>
      “{title}” {record?.status === 'failed' ? failed : 'was not started in the last run.'}{' '}
      <Anchor component={Link} to={`/runs/${run.id}`} fz="inherit" fw={600}>
        See the run
      </Anchor>
    </>
  )
}

function Missing({ error, onRetry }: { error: Error; onRetry: () => void }) {
  // What is no longer kept does not come back.
  const gone = error instanceof ApiError && error.status === 404
  return (
    <>
      {sentence(error)}{' '}
      {!gone && (
        <Anchor component="button" type="button" fz="inherit" fw={600} onClick={onRetry}>
          Try again
        </Anchor>
      )}
    </>
  )
}
