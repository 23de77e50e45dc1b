import { memo, type ReactNode, useEffect, useRef } from 'react'
import { FlowCard } from '@/components/flow/FlowCard'
import { Says } from '@/components/Says'
import { StatusMark } from '@/components/StatusMark'
import { sameLook, useRunState, useRunView } from '../context'
import { Elapsed } from '../Elapsed'
import { isOver } from '../model/events'
import { isExplained, wasSeenTo, whySkipped, worksBesides } from '../model/flow'
import type { StepState } from '../model/state'
import classes from './StepRunCard.module.css'

/** One step of the run: what it does, how it stands, how long it takes. */
export const StepRunCard = memo(function StepRunCard({ node }: { node: string }) {
  const { run, steps, look, onLook } = useRunView()
  const state = useRunState(all => all.steps[node])
  const reason = useRunState(
    all =>
      whySkipped(all, node) ??
      (isExplained(all, node, run.graph.edges) ? null : (all.steps[node]?.failure?.message ?? null)),
  )
  const button = useWantedCard(node)
  const besides = useRunState(all => worksBesides(all, run.graph.edges, node))
  const seenTo = useRunState(all => wasSeenTo(all, node, run.graph.edges))
  if (!state) return null
  const step = steps.get(state.step)
  const placed = run.graph.nodes.find(each => each.id === node)
  const mine = { kind: 'step', node } as const
  return (
    <FlowCard
      icon={step?.icon ?? 'box'}
      category={step?.category ?? 'text'}
      title={state.title}
      line={
        <Line state={state} reason={reason} besides={besides}>
          {step && placed ? <Says step={step} params={placed.params} /> : ''}
        </Line>
      }
      tone={state.status === 'failed' && !seenTo ? 'bad' : 'plain'}
      className={state.status === 'skipped' ? classes.skipped : undefined}
      buttonRef={button}
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

/** The card that somebody wants to get to comes into sight, with the pipe above it and what is said below it. */
function useWantedCard(node: string) {
  const { wanted } = useRunView()
  const button = useRef<HTMLButtonElement>(null)
  // A list that is drawn anew begins there, and leaves the keyboard where it is.
  const before = useRef(wanted)
  useEffect(() => {
    const isNew = before.current !== wanted
    before.current = wanted
    if (wanted?.node !== node) return
    const place = button.current?.closest('li')
    if (place && !isInSight(place)) place.scrollIntoView({ block: 'center' })
    if (wanted.held && isNew) button.current?.focus({ preventScroll: true })
  }, [wanted, node])
  return button
}

/** Whether nothing of it lies above or below what is seen. */
function isInSight(place: HTMLElement): boolean {
  const seen = place.closest('[data-scrolls]')?.getBoundingClientRect()
  const { top, bottom } = place.getBoundingClientRect()
  return seen !== undefined && top >= seen.top && bottom <= seen.bottom
}

interface LineProps {
  state: StepState
  /** Why it was not started, or failed, where no card says so. */
  reason: string | null
  /** The step that streams into it. */
  besides: string | null
  children: ReactNode
}

/** What a step does, or what there is to say about this time, such as how it is being made ready. */
function Line({ state, reason, besides, children }: LineProps) {
  return (
    <>
      {state.attempt > 1 && !isOver(state.status) && <b>Try {state.attempt} · </b>}
      {reason ?? (state.note || children)}
      {besides !== null && ` · reads while “${besides}” works`}
    </>
  )
}

function progressWord(state: StepState): string | undefined {
  if (state.status !== 'running' || state.fraction === null) return undefined
  return `Working · ${Math.round(100 * state.fraction)} %`
}
