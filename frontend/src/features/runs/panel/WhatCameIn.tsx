import { Select } from '@mantine/core'
import { useState } from 'react'
import { incoming } from '@/lib/rows'
import { useRunState, useRunView } from '../context'
import { Look } from './Look'
import classes from './Panel.module.css'

/** What a step was given; where several pipes lead in, one of them is chosen. */
export function WhatCameIn({ node, label }: { node: string; label: string }) {
  const { run } = useRunView()
  const pipes = incoming(run.graph, node)
  const steps = useRunState(state => state.steps)
  const ways = useRunState(state => state.ways)
  const [chosen, setChosen] = useState<string | null>(null)
  const came = pipes.filter(pipe => ways[pipe.id]?.taken !== false)
  const [first] = came
  if (pipes.length < 2) return <Look node={node} port="input" label={label} />
  if (!first) return <p className={classes.quiet}>Nothing came in: no way into it was taken.</p>
  const pipe = came.find(each => each.id === chosen) ?? first
  return (
    <>
      {came.length > 1 && (
        <Select
          className={classes.choice}
          aria-label="From which step"
          data={came.map(each => ({
            value: each.id,
            label: `From ${steps[each.source]?.title ?? each.source}`,
          }))}
          value={pipe.id}
          onChange={setChosen}
          allowDeselect={false}
        />
      )}
      <Look key={pipe.id} node={node} port="input" of={pipe.id} label={label} />
    </>
  )
}
