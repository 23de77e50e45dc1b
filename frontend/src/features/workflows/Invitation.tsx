import { Button } from '@mantine/core'
import { IconPlayerPlay, IconPlus } from '@tabler/icons-react'
import { Link } from 'react-router'
import type { WorkflowSummary } from '@/api/types'
import classes from './Invitation.module.css'

/** For whoever is here for the first time. */
export function Invitation({ sample, onNew }: { sample: WorkflowSummary | undefined; onNew: () => void }) {
  return (
    <section className={classes.box} aria-labelledby="welcome">
      <h2 id="welcome" className={classes.title}>
        Let your data flow
      </h2>
      <p className={classes.text}>
        Pick steps from the library, put them in a row, press Run. What one step makes, the next one works on,
        and you see it pass. Nothing to program.
      </p>
      <div className={classes.actions}>
        {sample && (
          <Button
            component={Link}
            to={`/workflows/${sample.id}`}
            leftSection={<IconPlayerPlay size={18} stroke={1.75} aria-hidden />}
          >
            Try “{sample.name}”
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconPlus size={18} stroke={1.75} aria-hidden />}
          onClick={onNew}
        >
          Start with nothing
        </Button>
      </div>
    </section>
  )
}
