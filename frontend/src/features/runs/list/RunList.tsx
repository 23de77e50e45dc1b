import { type CSSProperties, useMemo } from 'react'
import type { GraphEdge } from '@/api/types'
import { Pipe } from '@/components/flow/Pipe'
import { WayHeading } from '@/components/flow/WayHeading'
import { type Row, rows } from '@/lib/rows'
import { headingWords, isConditional, joinWords } from '@/lib/ways'
import { useRunState, useRunView } from '../context'
import { flowInto } from '../model/flow'
import { FailureCard } from './FailureCard'
import { InputCard } from './InputCard'
import { Results } from './ResultCard'
import classes from './RunList.module.css'
import { EdgeChip, RunPipe } from './RunPipe'
import { StepRunCard } from './StepRunCard'

/** From so many cards on, those out of sight are not drawn. */
const LONG = 60

/** The run as a list: what came out first, then every card with the pipe that leads into it. */
export function RunList() {
  const { run } = useRunView()
  const order = useRunState(state => state.order)
  const list = useMemo(() => new Map(rows(run.graph).map(row => [row.node.id, row])), [run.graph])
  return (
    <div className={classes.area} data-scrolls>
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
          {order.map(node => {
            const row = list.get(node)
            return (
              <li key={node} style={{ '--depth': row?.depth ?? 0 } as CSSProperties}>
                {row && <Above row={row} />}
                <StepRunCard node={node} />
                <FailureCard node={node} />
              </li>
            )
          })}
        </ol>
      </div>
    </div>
  )
}

/** What leads into a card: the pipe from the card above, or how else one comes to it. */
function Above({ row }: { row: Row }) {
  const { run, steps } = useRunView()
  const [pipe, ...more] = row.pipes
  if (!pipe) {
    const reads = run.input !== null && steps.get(row.node.step)?.takes !== 'nothing'
    if (!row.section) return reads ? <RunPipe edge={null} /> : null
    const words = reads ? 'Reads what went in, too' : 'Starts by itself'
    return (
      <Pipe flow="full" short={reads} className={`${classes.parted} ${reads ? '' : classes.bare}`}>
        <WayHeading kind="from" words={words} />
      </Pipe>
    )
  }
  if (more.length > 0) return <Meeting row={row} />
  return row.section ? <Way pipe={pipe} direct={row.direct} /> : <RunPipe edge={pipe} />
}

/** One way of several, or from elsewhere. */
function Way({ pipe, direct }: { pipe: GraphEdge; direct: boolean }) {
  const source = useRunState(state => state.steps[pipe.source]?.title ?? pipe.source)
  const closed = useRunState(state => state.ways[pipe.id]?.taken === false)
  const words = headingWords(pipe, source)
  return (
    <div className={direct ? undefined : classes.parted}>
      <RunPipe
        edge={pipe}
        short={!direct}
        heading={chip => (
          <WayHeading
            kind={isConditional(pipe) ? 'way' : 'from'}
            words={words}
            aside={!direct && !words.includes(source) && `from ${source}`}
            closed={closed}
          >
            {chip}
          </WayHeading>
        )}
      />
    </div>
  )
}

/** Several ways meet: each says what came through it, or why nothing did. */
function Meeting({ row }: { row: Row }) {
  const titles = useRunState(state => state.steps)
  const flow = useRunState(state => flowInto(state, row.pipes))
  return (
    <Pipe flow={flow} short className={classes.parted}>
      <WayHeading kind="join" words={joinWords(row.node.join)}>
        {row.pipes.map(pipe => (
          <EdgeChip key={pipe.id} edge={pipe} name={titles[pipe.source]?.title ?? pipe.source} />
        ))}
      </WayHeading>
    </Pipe>
  )
}
