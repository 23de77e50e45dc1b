import { Button, Collapse } from '@mantine/core'
import { IconChevronDown, IconPencil, IconRefresh, IconTable } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { useRunState, useRunView } from '../context'
import { useRunActions } from '../useRunActions'
import classes from './FailureCard.module.css'

/** Why a step failed, in plain words, and the ways on. */
export function FailureCard({ node }: { node: string }) {
  const { run, onLook } = useRunView()
  const step = useRunState(state => state.steps[node])
  const { again, starting } = useRunActions()
  const [opened, setOpened] = useState(false)
  const failure = step?.failure
  if (!step || !failure) return null
  const source = run.graph.edges.find(edge => edge.target === node)?.source ?? null
  const cameIn = source !== null || run.input !== null
  return (
    <section className={classes.card} aria-label={`Why ${step.title} failed`} data-tone={step.status}>
      <div className={classes.words}>
        <h2>{failure.message}</h2>
        {failure.detail && <p>{failure.detail}</p>}
      </div>
      <div className={classes.ways}>
        <Button
          component={Link}
          to={`/workflows/${run.workflow}?node=${encodeURIComponent(node)}`}
          leftSection={<IconPencil size={17} stroke={1.75} aria-hidden />}
        >
          Change this setting
        </Button>
        <Button
          variant="default"
          loading={starting}
          leftSection={<IconRefresh size={17} stroke={1.75} aria-hidden />}
          onClick={() => again(node)}
        >
          Run again from here
        </Button>
        {cameIn && (
          <Button
            variant="subtle"
            leftSection={<IconTable size={17} stroke={1.75} aria-hidden />}
            onClick={() => onLook({ kind: 'pipe', source })}
          >
            See what came in
          </Button>
        )}
        <Button
          variant="subtle"
          rightSection={<IconChevronDown size={16} stroke={1.75} aria-hidden />}
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          Details
        </Button>
      </div>
      <Collapse expanded={opened}>
        <Details node={node} />
      </Collapse>
    </section>
  )
}

function Details({ node }: { node: string }) {
  const step = useRunState(state => state.steps[node])
  const tail = step?.failure?.log_tail ?? []
  return (
    <div className={classes.details}>
      <p>
        {step?.exitCode !== null && step?.exitCode !== undefined && `Exit code ${step.exitCode}. `}
        {step && step.attempt > 1 && `Attempt ${step.attempt}. `}
        {tail.length > 0 ? 'The last lines of its log:' : 'It wrote no log.'}
      </p>
      {tail.length > 0 && <pre>{tail.join('\n')}</pre>}
    </div>
  )
}
