import { ActionIcon, Button, SegmentedControl } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { type ReactNode, useId } from 'react'
import type { GraphEdge } from '@/api/types'
import { shortWords } from '@/lib/ways'
import { pipeKey, useDocument, useParts, useScreen, useSurroundings } from '../context'
import { findNode, incoming } from '../model/graph'
import { readInTurn } from '../model/pipes'
import { useTitles } from '../titles'
import classes from './PipePanel.module.css'

const HELP = {
  all: 'It begins when all of them have come. Where one is not taken, this step is left out.',
  any: 'It begins when it is clear which are taken, if at least one is.',
}

/** Several ways lead into a step: whether it waits for all, and what it reads from which. */
export function WaysInto({ node }: { node: string }) {
  const { actions } = useSurroundings()
  const { mayEdit } = useParts()
  const title = useTitles()
  const graph = useDocument(document => document.graph)
  const label = useId()
  const pipes = incoming(graph, node)
  const join = findNode(graph, node)?.join ?? 'all'
  if (pipes.length < 2) return null
  const line = readInTurn(graph, node)
  // One alone is read in no order.
  const inTurn = line.length > 1 ? line : []
  const apart = pipes.filter(pipe => !inTurn.includes(pipe))
  const order = (pipe: GraphEdge) => <Order pipe={pipe} at={line.indexOf(pipe)} of={line.length} />
  return (
    <section aria-labelledby={label}>
      <h3 id={label} className={classes.label}>
        “{title(node)}” waits for
      </h3>
      <SegmentedControl
        fullWidth
        data={[
          { value: 'all', label: 'all ways into it' },
          { value: 'any', label: 'any of them' },
        ]}
        value={join}
        onChange={value => actions.join(node, value as 'all' | 'any')}
        disabled={!mayEdit}
        aria-labelledby={label}
      />
      <p className={classes.help}>{HELP[join]}</p>
      {join === 'all' && <Never node={node} />}
      <Ways heading="It reads them one after the other" pipes={inTurn} beside={mayEdit ? order : undefined} />
      <Ways heading={inTurn.length > 0 ? 'Beside that it takes' : 'It takes'} pipes={apart} />
    </section>
  )
}

/** Where only one of the ways is ever taken, waiting for all of them is waiting for ever. */
function Never({ node }: { node: string }) {
  const { actions, notes } = useSurroundings()
  const { mayEdit } = useParts()
  const note = notes.find(each => each.node === node && each.field === 'join')
  if (!note) return null
  return (
    <div className={classes.offer}>
      {note.message}
      {mayEdit && (
        <Button size="xs" variant="default" onClick={() => actions.join(node, 'any')}>
          Begin when any of them comes
        </Button>
      )}
    </div>
  )
}

interface WaysProps {
  heading: string
  pipes: readonly GraphEdge[]
  /** What stands beside each of them. */
  beside?: ((pipe: GraphEdge) => ReactNode) | undefined
}

function Ways({ heading, pipes, beside }: WaysProps) {
  const { actions } = useSurroundings()
  const title = useTitles()
  const port = usePortTitle()
  const selected = useScreen(state => state.selected)
  const label = useId()
  if (pipes.length === 0) return null
  return (
    <>
      <h3 id={label} className={classes.label} style={{ marginTop: 16 }}>
        {heading}
      </h3>
      <ol className={classes.ways} aria-labelledby={label}>
        {pipes.map(pipe => {
          const words = [port(pipe), shortWords(pipe)].filter(Boolean).join(', ')
          return (
            <li key={pipe.id} className={classes.way}>
              <button
                type="button"
                aria-pressed={selected === pipeKey(pipe.id)}
                onClick={() => actions.selectPipe(pipe.id)}
              >
                {title(pipe.source)}
                {words && <small>{words}</small>}
              </button>
              {beside?.(pipe)}
            </li>
          )
        })}
      </ol>
    </>
  )
}

/** What a pipe brings, where the step it leads into takes several things: “as List of prices”. */
function usePortTitle(): (pipe: GraphEdge) => string | null {
  const { steps } = useSurroundings()
  const graph = useDocument(document => document.graph)
  return pipe => {
    const step = steps.get(findNode(graph, pipe.target)?.step ?? '')
    const input = step?.inputs.find(each => each.name === pipe.input)
    return pipe.input === undefined ? null : `as ${input?.title || pipe.input}`
  }
}

/** Earlier or later among those that are read one after the other. */
function Order({ pipe, at, of }: { pipe: GraphEdge; at: number; of: number }) {
  const { actions } = useSurroundings()
  const from = useTitles()(pipe.source)
  const icon = { size: 16, stroke: 1.75, 'aria-hidden': true } as const
  return (
    <>
      <ActionIcon
        variant="subtle"
        size={32}
        aria-label={`Read ${from} earlier`}
        disabled={at <= 0}
        onClick={() => actions.reorder(pipe.id, 'up')}
      >
        <IconArrowUp {...icon} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        size={32}
        aria-label={`Read ${from} later`}
        disabled={at === of - 1}
        onClick={() => actions.reorder(pipe.id, 'down')}
      >
        <IconArrowDown {...icon} />
      </ActionIcon>
    </>
  )
}
