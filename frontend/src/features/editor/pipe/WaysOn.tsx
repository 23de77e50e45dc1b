import { Button } from '@mantine/core'
import { IconArrowsSplit2 } from '@tabler/icons-react'
import { useId } from 'react'
import { shortWords } from '@/lib/ways'
import { useDocument, useParts, useSurroundings } from '../context'
import { outgoing } from '../model/graph'
import { useTitles } from '../titles'
import classes from './PipePanel.module.css'

/** Where a step leads on to; each way can be opened, and one more be added. */
export function WaysOn({ node }: { node: string }) {
  const { actions } = useSurroundings()
  const { screen, mayEdit } = useParts()
  const title = useTitles()
  const graph = useDocument(document => document.graph)
  const label = useId()
  const pipes = outgoing(graph, node)
  const mayLead = graph.nodes.length > 1 && mayEdit
  if (pipes.length === 0 && !mayLead) return null
  return (
    <section aria-labelledby={label}>
      <h3 id={label} className={classes.label}>
        {pipes.length === 0 ? 'Nothing follows it' : 'It leads on to'}
      </h3>
      <ul className={classes.ways}>
        {pipes.map(pipe => (
          <li key={pipe.id} className={classes.way}>
            <button type="button" onClick={() => actions.selectPipe(pipe.id)}>
              {title(pipe.target)}
              {shortWords(pipe) && <small>{shortWords(pipe)}</small>}
            </button>
          </li>
        ))}
      </ul>
      {mayLead && (
        <Button
          variant="default"
          size="xs"
          mt={8}
          leftSection={<IconArrowsSplit2 size={15} stroke={1.75} aria-hidden />}
          onClick={() => screen.setState({ leading: node })}
        >
          Lead on to…
        </Button>
      )}
    </section>
  )
}
