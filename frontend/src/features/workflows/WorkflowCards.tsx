import type { WorkflowSummary } from '@/api/types'
import { WorkflowCard } from './WorkflowCard'
import classes from './WorkflowListPage.module.css'

interface Props {
  id: string
  heading: string
  workflows: readonly WorkflowSummary[]
  onDelete: (workflow: { id: string; name: string }) => void
}

/** Some of the workflows under a heading; nothing where there are none. */
export function WorkflowCards({ id, heading, workflows, onDelete }: Props) {
  if (workflows.length === 0) return null
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className={classes.heading}>
        {heading}
      </h2>
      <ul className={classes.grid}>
        {workflows.map(entry => (
          <WorkflowCard key={entry.id} workflow={entry} onDelete={onDelete} />
        ))}
      </ul>
    </section>
  )
}
