import { memo, type ReactNode } from 'react'
import { FlowCard } from '@/components/flow/FlowCard'
import { Says } from '@/components/Says'
import { StatusMark } from '@/components/StatusMark'
import { sameLook, useRunState, useRunView } from '../context'
import { Elapsed } from '../Elapsed'
import { isOver } from '../model/events'
import type { StepState } from '../model/state'
import classes from './StepRunCard.module.css'

/** One step of the run: what it does, how it stands, how long it takes. */
export const StepRunCard = memo(function StepRunCard({ node }: { node: string }) {
  const { run, steps, look, onLook } = useRunView()
  const state = useRunState(all => all.steps[node])
  if (!state) return null
  const step = steps.get(state.step)
  const placed = run.graph.nodes.find(each => each.id === node)
  const mine = { kind: 'step', node } as const
  return (
    <FlowCard
      icon={step?.icon ?? 'box'}
      category={step?.category ?? 'text'}
      title={state.title}
      line={<Line state={state}>{step && placed ? <Says step={step} params={placed.params} /> : ''}</Line>}
      tone={state.status === 'failed' ? 'bad' : 'plain'}
      selected={sameLook(look, mine)}
      onSelect={() => onLook(sameLook(look, mine) ? null : mine)}
      aside={
        <span className={classes.state}>
          <Elapsed
            start={state.startedAt}
            end={state.finishedAt}
            running={state.status === 'running'}
            className={classes.time}
          />
          <StatusMark status={state.status} word={progressWord(state)} />
        </span>
      }
    />
  )
})

/** What a step does, or what there is to say about this time, such as how it is being made ready. */
function Line({ state, children }: { state: StepState; children: ReactNode }) {
  return (
    <>
      {state.attempt > 1 && !isOver(state.status) && <b>Try {state.attempt} · </b>}
      {state.note || children}
    </>
  )
}

function progressWord(state: StepState): string | undefined {
  if (state.status !== 'running' || state.fraction === null) return undefined
  return `Working · ${Math.round(100 * state.fraction)} %`
}
