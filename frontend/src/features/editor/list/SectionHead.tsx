import { IconAlertTriangle } from '@tabler/icons-react'
import type { GraphEdge } from '@/api/types'
import { PipeChip } from '@/components/flow/Pipe'
import { WayHeading } from '@/components/flow/WayHeading'
import { headingWords, isConditional, joinWords, shortWords } from '@/lib/ways'
import { pipeKey, useDocument, useScreen, useSurroundings } from '../context'
import { misfitOfPipe } from '../model/kinds'
import type { Row } from '../model/rows'
import { useTitles } from '../titles'
import { InPipeChip, MisfitOf } from './Passing'

/** How one comes to a card: by a condition, from elsewhere, or from several steps. */
export function SectionHead({ row }: { row: Row }) {
  const [first, ...more] = row.pipes
  if (!first) return <Start row={row} />
  if (more.length > 0) return <Join row={row} />
  return <OneWay pipe={first} direct={row.direct} />
}

function OneWay({ pipe, direct }: { pipe: GraphEdge; direct: boolean }) {
  const { actions } = useSurroundings()
  const title = useTitles()
  const selected = useScreen(state => state.selected === pipeKey(pipe.id))
  const source = title(pipe.source)
  const words = headingWords(pipe, source)
  return (
    <WayHeading
      kind={isConditional(pipe) ? 'way' : 'from'}
      words={words}
      aside={!direct && !words.includes(source) && `from ${source}`}
      selected={selected}
      onClick={() => actions.selectPipe(selected ? null : pipe.id)}
    >
      <InPipeChip pipe={pipe} />
      <MisfitOf pipe={pipe} />
    </WayHeading>
  )
}

/** Several ways lead in: each is named, and each can be opened. */
function Join({ row }: { row: Row }) {
  const { actions, steps, problems } = useSurroundings()
  const graph = useDocument(document => document.graph)
  const input = useDocument(document => document.input)
  const title = useTitles()
  const selected = useScreen(state => state.selected)
  const isWrong = (pipe: GraphEdge) =>
    misfitOfPipe({ graph, input, steps }, pipe) !== null || problems.some(each => each.edge === pipe.id)
  return (
    <WayHeading kind="join" words={joinWords(row.node.join)}>
      {row.pipes.map(pipe => (
        <PipeChip
          key={pipe.id}
          selected={selected === pipeKey(pipe.id)}
          extra={shortWords(pipe) ?? undefined}
          {...(isWrong(pipe) && {
            tone: 'warn',
            icon: <IconAlertTriangle size={15} stroke={1.75} aria-hidden />,
          })}
          onClick={() => actions.selectPipe(selected === pipeKey(pipe.id) ? null : pipe.id)}
        >
          {title(pipe.source)}
          <span className="visually-hidden">, open this pipe</span>
        </PipeChip>
      ))}
      {row.pipes.map(pipe => (
        <MisfitOf key={pipe.id} pipe={pipe} />
      ))}
    </WayHeading>
  )
}

/** A further beginning of the workflow. */
function Start({ row }: { row: Row }) {
  const { steps } = useSurroundings()
  const input = useDocument(document => document.input)
  const alone = steps.get(row.node.step)?.takes === 'nothing' || input.kind === 'none'
  return (
    <WayHeading kind="from" words={alone ? 'Starts by itself' : `Reads ${input.title || 'the input'} too`} />
  )
}
