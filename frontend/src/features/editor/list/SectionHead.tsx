import { IconArrowMerge, IconArrowsSplit2, IconCornerDownRight } from '@tabler/icons-react'
import type { GraphEdge } from '@/api/types'
import { PipeChip } from '@/components/flow/Pipe'
import { headingWords, isConditional, shortWords } from '@/lib/ways'
import { pipeKey, useDocument, useScreen, useSurroundings } from '../context'
import type { Row } from '../model/rows'
import { useTitles } from '../titles'
import { InPipeChip } from './Passing'
import classes from './SectionHead.module.css'

const icon = { size: 17, stroke: 1.75, 'aria-hidden': true } as const

/** How one comes to a card: “If total is greater than 1,000”, “Otherwise”, “Then, from Keep rows”. */
export function SectionHead({ row }: { row: Row }) {
  const [first, ...more] = row.pipes
  if (!first) return <Start row={row} />
  if (more.length > 0) return <Join row={row} />
  return <Way pipe={first} direct={row.direct} />
}

function Way({ pipe, direct }: { pipe: GraphEdge; direct: boolean }) {
  const { actions } = useSurroundings()
  const title = useTitles()
  const selected = useScreen(state => state.selected === pipeKey(pipe.id))
  const source = title(pipe.source)
  const words = headingWords(pipe, source)
  return (
    <span className={classes.head}>
      <h2 className={classes.heading} data-way={isConditional(pipe) || undefined}>
        <button
          type="button"
          aria-pressed={selected}
          onClick={() => actions.selectPipe(selected ? null : pipe.id)}
        >
          {isConditional(pipe) ? <IconArrowsSplit2 {...icon} /> : <IconCornerDownRight {...icon} />}
          {words}
          {!direct && !words.includes(source) && <small>from {source}</small>}
        </button>
      </h2>
      <InPipeChip pipe={pipe} />
    </span>
  )
}

/** Several ways lead in: each is named, and each can be opened. */
function Join({ row }: { row: Row }) {
  const { actions } = useSurroundings()
  const title = useTitles()
  const selected = useScreen(state => state.selected)
  const words = row.node.join === 'any' ? 'Then, from whichever of these is taken' : 'Then, from all of these'
  return (
    <span className={classes.head}>
      <h2 className={classes.heading}>
        <span>
          <IconArrowMerge {...icon} />
          {words}
        </span>
      </h2>
      {row.pipes.map(pipe => (
        <PipeChip
          key={pipe.id}
          selected={selected === pipeKey(pipe.id)}
          extra={shortWords(pipe) ?? undefined}
          onClick={() => actions.selectPipe(selected === pipeKey(pipe.id) ? null : pipe.id)}
        >
          {title(pipe.source)}
          <span className="visually-hidden">, open this pipe</span>
        </PipeChip>
      ))}
    </span>
  )
}

/** A further beginning of the workflow. */
function Start({ row }: { row: Row }) {
  const { steps } = useSurroundings()
  const input = useDocument(document => document.input)
  const alone = steps.get(row.node.step)?.takes === 'nothing' || input.kind === 'none'
  return (
    <span className={classes.head}>
      <h2 className={classes.heading}>
        <span>
          <IconCornerDownRight {...icon} />
          {alone ? 'Starts by itself' : `Reads ${input.title || 'the input'} too`}
        </span>
      </h2>
    </span>
  )
}
