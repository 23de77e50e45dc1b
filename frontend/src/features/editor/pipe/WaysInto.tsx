import { ActionIcon, SegmentedControl } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useId } from 'react'
import { shortWords } from '@/lib/ways'
import { pipeKey, useDispatch, useDocument, useScreen, useSurroundings } from '../context'
import { findNode, incoming } from '../model/graph'
import { readInTurn } from '../model/pipes'
import { useTitles } from '../titles'
import classes from './PipePanel.module.css'

const HELP = {
  all: 'It begins when all of them have come. Where one is not taken, this step is left out.',
  any: 'It begins when it is clear which are taken, if at least one is.',
}

/** Several ways lead into a step: whether it waits for all, and in which order it reads them. */
export function WaysInto({ node }: { node: string }) {
  const { actions } = useSurroundings()
  const dispatch = useDispatch()
  const title = useTitles()
  const graph = useDocument(document => document.graph)
  const selected = useScreen(state => state.selected)
  const label = useId()
  const pipes = incoming(graph, node)
  const line = readInTurn(graph, node)
  const join = findNode(graph, node)?.join ?? 'all'
  if (pipes.length < 2) return null
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
        onChange={value => dispatch({ type: 'join', id: node, join: value as 'all' | 'any' })}
        aria-labelledby={label}
      />
      <p className={classes.help}>{HELP[join]}</p>
      <h3 className={classes.label} style={{ marginTop: 16 }}>
        It reads them one after the other
      </h3>
      <ol className={classes.ways}>
        {pipes.map(pipe => {
          const at = line.indexOf(pipe)
          const from = title(pipe.source)
          return (
            <li key={pipe.id} className={classes.way}>
              <button
                type="button"
                aria-pressed={selected === pipeKey(pipe.id)}
                onClick={() => actions.selectPipe(pipe.id)}
              >
                {from}
                {(shortWords(pipe) || pipe.input) && (
                  <small>
                    {[pipe.input && `as ${pipe.input}`, shortWords(pipe)].filter(Boolean).join(', ')}
                  </small>
                )}
              </button>
              <ActionIcon
                variant="subtle"
                size={32}
                aria-label={`Read ${from} earlier`}
                disabled={at <= 0}
                onClick={() => dispatch({ type: 'reorder', id: pipe.id, direction: 'up' })}
              >
                <IconArrowUp size={16} stroke={1.75} aria-hidden />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                size={32}
                aria-label={`Read ${from} later`}
                disabled={at < 0 || at === line.length - 1}
                onClick={() => dispatch({ type: 'reorder', id: pipe.id, direction: 'down' })}
              >
                <IconArrowDown size={16} stroke={1.75} aria-hidden />
              </ActionIcon>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
