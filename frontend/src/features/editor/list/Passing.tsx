import { IconAlertTriangle, IconWaveSine } from '@tabler/icons-react'
import type { GraphEdge, GraphNode } from '@/api/types'
import { PipeChip } from '@/components/flow/Pipe'
import { KindIcon } from '@/components/KindIcon'
import { contents } from '@/lib/contents'
import { bytes } from '@/lib/format'
import { fits, kindWord } from '@/lib/kinds'
import { isStream } from '@/lib/ways'
import { INPUT, pipeKey, useDocument, useScreen, useSurroundings } from '../context'
import { kindAfter, kindOfPipe, misfit, misfitOfPipe } from '../model/kinds'
import { passedThrough } from '../model/passed'
import classes from './Gap.module.css'

/** What flows into a card: from the last run where it still holds, else the kind of data. */
export function Passing({ pipe, reader }: { pipe: GraphEdge | undefined; reader: GraphNode }) {
  return pipe ? <InPipe pipe={pipe} /> : <FromInput reader={reader} />
}

/** A pipe of the workflow; its label opens it. */
function InPipe({ pipe }: { pipe: GraphEdge }) {
  return (
    <>
      <InPipeChip pipe={pipe} />
      <MisfitOf pipe={pipe} />
    </>
  )
}

export function InPipeChip({ pipe }: { pipe: GraphEdge }) {
  const { steps, lastRun, actions, problems } = useSurroundings()
  const graph = useDocument(document => document.graph)
  const input = useDocument(document => document.input)
  const selected = useScreen(state => state.selected === pipeKey(pipe.id))
  const kind = kindOfPipe({ graph, input, steps }, pipe)
  const passed = passedThrough(lastRun, pipe)
  const trouble = problems.some(problem => problem.edge === pipe.id)
  const streams = isStream(pipe)
  const icon = trouble ? (
    <IconAlertTriangle size={15} stroke={1.75} aria-hidden />
  ) : streams ? (
    <IconWaveSine size={15} stroke={1.75} aria-hidden />
  ) : (
    <KindIcon kind={passed?.look.kind ?? kind} />
  )
  return (
    <PipeChip
      icon={icon}
      tone={trouble ? 'warn' : 'pipe'}
      extra={passed ? bytes(passed.size) : undefined}
      selected={selected}
      onClick={() => actions.selectPipe(selected ? null : pipe.id)}
    >
      {contents(passed?.look, kind)}
      {streams && ', streams'}
      <span className="visually-hidden">, open this pipe</span>
    </PipeChip>
  )
}

/** What the run is given, on its way into a card that nothing else leads to. */
function FromInput({ reader }: { reader: GraphNode }) {
  const { steps, lastRun, actions } = useSurroundings()
  const graph = useDocument(document => document.graph)
  const input = useDocument(document => document.input)
  const kind = kindAfter({ graph, input, steps }, null)
  const step = steps.get(reader.step)
  if (step?.takes === 'nothing') return null
  if (kind === 'nothing') {
    return step ? (
      <button type="button" className={classes.give} onClick={() => actions.select(INPUT)}>
        “{step.title}” needs something to work on: give it a text or a file
      </button>
    ) : null
  }
  if (step && !fits(kind, step.takes)) {
    return (
      <Misfit>
        “{step.title}” {misfit(kind, step)}
      </Misfit>
    )
  }
  const look = lastRun.looks.get('')
  const icon = <KindIcon kind={look?.kind ?? kind} />
  if (!look) return <PipeChip icon={icon}>{kindWord(kind)}</PipeChip>
  return (
    <PipeChip icon={icon} extra={bytes(look.bytes)} onClick={() => actions.look(null)}>
      {contents(look, kind)}
      <span className="visually-hidden">, look into it</span>
    </PipeChip>
  )
}

/** What is wrong with a pipe's data, where the pipe itself is named elsewhere. */
export function MisfitOf({ pipe }: { pipe: GraphEdge }) {
  const { steps } = useSurroundings()
  const graph = useDocument(document => document.graph)
  const input = useDocument(document => document.input)
  const misfit = misfitOfPipe({ graph, input, steps }, pipe)
  return misfit && <Misfit>{misfit}</Misfit>
}

function Misfit({ children }: { children: React.ReactNode }) {
  return (
    <span className={classes.misfit}>
      <IconAlertTriangle size={15} stroke={1.75} aria-hidden />
      <span>{children}</span>
    </span>
  )
}
