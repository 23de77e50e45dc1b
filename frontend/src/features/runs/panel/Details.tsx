import type { ReactNode } from 'react'
import { StatusMark } from '@/components/StatusMark'
import { bytes } from '@/lib/format'
import { useRunState, useRunView } from '../context'
import classes from './Panel.module.css'

/** The facts about a step's run that only some people ask for. */
export function Details({ node }: { node: string }) {
  const { run, steps } = useRunView()
  const state = useRunState(all => all.steps[node])
  if (!state) return null
  const placed = run.graph.nodes.find(each => each.id === node)
  const step = steps.get(state.step)
  const facts: [string, ReactNode][] = [
    ['State', <StatusMark key="s" status={state.status} size={16} />],
    ['Step', `${state.step} ${placed?.version ?? ''}`],
    ['Image', step?.image ?? '–'],
    ['Try', state.attempt],
    ['Exit code', state.exitCode ?? '–'],
    ['Started', time(state.startedAt)],
    ['Ended', time(state.finishedAt)],
    ['Read', bytes(state.bytesIn ?? 0)],
    ['Written', bytes(state.bytesOut ?? 0)],
  ]
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function time(iso: string | null): string {
  return iso === null ? '–' : new Date(iso).toLocaleTimeString('en-GB', { timeStyle: 'medium' })
}
