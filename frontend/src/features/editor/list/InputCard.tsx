import { FlowCard } from '@/components/flow/FlowCard'
import { INPUT, useCardButton, useDocument, useScreen, useSurroundings } from '../context'

/** What the workflow is given at the start; always the first card. */
export function InputCard() {
  const input = useDocument(document => document.input)
  const selected = useScreen(state => state.selected === INPUT)
  const { actions } = useSurroundings()
  const button = useCardButton(INPUT)
  const lines = input.sample === '' ? 0 : input.sample.trimEnd().split('\n').length
  const said = {
    none: 'The first step starts by itself',
    text:
      lines === 0 ? (
        'A text given at the start'
      ) : (
        <Given what="A text given at the start" name={firstLine(input.sample)} />
      ),
    file: input.name ? (
      <Given what="A file given at the start" name={input.name} />
    ) : (
      'A file given at the start'
    ),
  }[input.kind]
  return (
    <FlowCard
      buttonRef={button}
      icon={{ none: 'player-play', text: 'text-size', file: 'upload' }[input.kind]}
      category="get"
      title={input.kind === 'none' ? 'Starts with nothing' : input.title || 'Input'}
      line={said}
      selected={selected}
      onSelect={() => actions.select(selected ? null : INPUT)}
    />
  )
}

function firstLine(text: string): string {
  const line = text.trimStart().split('\n')[0] ?? ''
  return line.length > 48 ? `${line.slice(0, 47)}…` : line
}

function Given({ what, name }: { what: string; name: string }) {
  return (
    <>
      {what}: <b style={{ fontWeight: 600, color: 'var(--text)' }}>{name}</b>
    </>
  )
}
