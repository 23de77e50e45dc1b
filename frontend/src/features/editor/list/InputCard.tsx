import { Button } from '@mantine/core'
import { IconTextSize, IconUpload } from '@tabler/icons-react'
import { useMemo } from 'react'
import type { InputKind } from '@/api/types'
import { FlowCard } from '@/components/flow/FlowCard'
import {
  INPUT,
  useCardButton,
  useDispatch,
  useDocument,
  useParts,
  useScreen,
  useSurroundings,
} from '../context'
import { givenTable, tableWords } from '../model/given'
import { incoming } from '../model/graph'
import classes from './InputCard.module.css'

/** What the workflow is given at the start; always the first card. */
export function InputCard() {
  const input = useDocument(document => document.input)
  const selected = useScreen(state => state.selected === INPUT)
  const { actions } = useSurroundings()
  const button = useCardButton(INPUT)
  const offers = useOffersData()
  const table = useMemo(() => givenTable(input), [input])
  const nothing = offers ? 'Your own data goes in here' : 'The first step starts by itself'
  const text = table ? tableWords(table) : firstLine(input.sample)
  const said = {
    none: nothing,
    text:
      text === '' ? (
        'A text given at the start'
      ) : (
        <Given what={table ? '' : 'A text given at the start: '} name={text} />
      ),
    file: input.name ? (
      <Given
        what={table ? '' : 'A file given at the start: '}
        name={input.name}
        more={table && `. ${tableWords(table)}`}
      />
    ) : (
      'A file given at the start'
    ),
  }[input.kind]
  return (
    <FlowCard
      className={offers ? classes.offering : undefined}
      buttonRef={button}
      icon={{ none: 'player-play', text: 'text-size', file: 'upload' }[input.kind]}
      category="get"
      title={input.kind === 'none' ? 'Starts with nothing' : input.title || 'Input'}
      line={said}
      selected={selected}
      onSelect={() => actions.select(INPUT)}
      aside={offers ? <Offers /> : undefined}
    />
  )
}

/** Whether somebody may want to give data here: none is given yet, and a first step, if there is one, reads some. */
function useOffersData(): boolean {
  const { mayEdit } = useParts()
  const { steps } = useSurroundings()
  return useDocument(({ graph, input }) => {
    if (!mayEdit || input.kind !== 'none') return false
    const starts = graph.nodes.filter(node => incoming(graph, node.id).length === 0)
    return graph.nodes.length === 0 || starts.some(node => steps.get(node.step)?.takes !== 'nothing')
  })
}

/** Two ways to give one's own data: each opens the panel where that is done. */
function Offers() {
  const { screen } = useParts()
  const dispatch = useDispatch()
  const input = useDocument(document => document.input)
  const give = (kind: InputKind) => {
    dispatch({ type: 'input', input: { ...input, kind } })
    // The button goes away with its press: the card takes the keyboard.
    screen.setState({ selected: INPUT, held: INPUT })
  }
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconUpload size={15} stroke={1.75} aria-hidden />}
        onClick={() => give('file')}
      >
        Give a file
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconTextSize size={15} stroke={1.75} aria-hidden />}
        onClick={() => give('text')}
      >
        Paste a text or table
      </Button>
    </>
  )
}

function firstLine(text: string): string {
  const line = text.trimStart().split('\n')[0] ?? ''
  return line.length > 48 ? `${line.slice(0, 47)}…` : line
}

function Given({ what, name, more }: { what: string; name: string; more?: string | null }) {
  return (
    <>
      {what}
      <b className={classes.name}>{name}</b>
      {more}
    </>
  )
}
