import { useMemo } from 'react'
import { Pipe, PipeChip } from '@/components/flow/Pipe'
import { useRunState, useRunView } from '../context'
import { FailureCard } from './FailureCard'
import { InputCard } from './InputCard'
import { Results } from './ResultCard'
import classes from './RunList.module.css'
import { RunPipe } from './RunPipe'
import { StepRunCard } from './StepRunCard'

/** From so many cards on, those out of sight are not drawn. */
const LONG = 60

/** The run as a list: what came out first, then every card with the pipe that leads into it. */
export function RunList() {
  const { run } = useRunView()
  const order = useRunState(state => state.order)
  const failed = useRunState(state => state.failedNode)
  const sources = useMemo(() => new Map(run.graph.edges.map(edge => [edge.target, edge])), [run.graph])
  return (
    <div className={classes.area}>
      <div className={classes.column}>
        <Results />
        <ol
          className={classes.list}
          data-long={order.length > LONG || undefined}
          aria-label="Steps of the run"
        >
          {run.input && (
            <li>
              <InputCard />
            </li>
          )}
          {order.map((node, place) => (
            <li key={node}>
              <Above node={node} before={order[place - 1] ?? null} edge={sources.get(node)} />
              <StepRunCard node={node} />
              {node === failed && <FailureCard node={node} />}
            </li>
          ))}
        </ol>
      </div>
    </div>
  )
}

interface AboveProps {
  node: string
  before: string | null
  edge: { id: string; source: string } | undefined
}

/** The pipe into a card. Where it does not come from the card above, it says from where. */
function Above({ node, before, edge }: AboveProps) {
  const { run, steps } = useRunView()
  const from = useRunState(state => (edge ? state.steps[edge.source]?.title : undefined))
  if (!edge) {
    if (before !== null) return <Pipe flow="empty" className={classes.gap} />
    const takes = steps.get(run.steps.find(step => step.node === node)?.step ?? '')?.takes
    return run.input && takes !== 'nothing' ? <RunPipe source={null} /> : null
  }
  if (edge.source === before) return <RunPipe source={edge.source} edge={edge.id} />
  return (
    <>
      <Pipe flow="empty" className={classes.branch}>
        <PipeChip tone="none">reads from “{from ?? edge.source}”</PipeChip>
      </Pipe>
      <RunPipe source={edge.source} edge={edge.id} />
    </>
  )
}
