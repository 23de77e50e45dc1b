import { ActionIcon, Menu } from '@mantine/core'
import { IconCopy, IconDots, IconDownload, IconHistory, IconTrash } from '@tabler/icons-react'
import { Link, useNavigate } from 'react-router'
import { useMay } from '@/api/me'
import type { WorkflowSummary } from '@/api/types'
import { exportAddress, useDuplicateWorkflow } from '@/api/workflows'
import { complain } from '@/components/complain'
import { StatusMark } from '@/components/StatusMark'
import { StepIcon } from '@/components/StepIcon'
import { ago, number, plural } from '@/lib/format'
import classes from './WorkflowCard.module.css'

interface Props {
  workflow: WorkflowSummary
  onDelete: (workflow: { id: string; name: string }) => void
}

const MOST = 5
/** Longer names may be cut. */
const LONG = 50

/** One workflow: the pictures of its steps, its name, how its last run went. */
export function WorkflowCard({ workflow, onDelete }: Props) {
  const { id, name, description, step_icons: icons, node_count: count, last_run: last } = workflow
  // Five fit; of more, the fifth gives its place to how many there are.
  const shown = count > MOST ? MOST - 1 : MOST
  return (
    <li className={classes.card}>
      <div className={classes.top}>
        <span className={classes.icons} aria-hidden="true">
          {icons.slice(0, shown).map((icon, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same step may stand there twice
            <span key={index} className={classes.icon}>
              <StepIcon icon={icon.icon} category={icon.category} size={34} />
            </span>
          ))}
          {icons.length === 0 && <span className={classes.empty}>No steps yet</span>}
          {count > shown && <span className={classes.more}>+{number(count - shown)}</span>}
        </span>
        <CardMenu id={id} name={name} onDelete={onDelete} />
      </div>
      <Link to={`/workflows/${id}`} className={classes.name} title={name.length > LONG ? name : undefined}>
        {name}
      </Link>
      <p className={classes.about}>
        {description || (count > 0 ? plural(count, 'step') : 'Open it and add the first step.')}
      </p>
      <div className={classes.foot}>
        {last ? (
          <>
            <Link to={`/runs/${last.id}`} className={classes.run}>
              <span className="visually-hidden">Last run: </span>
              <StatusMark status={last.status} size={16} />
            </Link>
            <span>{ago(last.finished_at ?? last.created_at)}</span>
          </>
        ) : (
          <span>Never run · changed {ago(workflow.updated_at)}</span>
        )}
      </div>
    </li>
  )
}

function CardMenu({ id, name, onDelete }: { id: string; name: string; onDelete: Props['onDelete'] }) {
  const { edit } = useMay()
  const duplicate = useDuplicateWorkflow()
  const navigate = useNavigate()
  const size = { size: 17, stroke: 1.75, 'aria-hidden': true } as const
  return (
    <Menu position="bottom-end" width={210}>
      <Menu.Target>
        <ActionIcon variant="subtle" size={34} className={classes.menu} aria-label={`More for ${name}`}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {edit && (
          <Menu.Item
            leftSection={<IconCopy {...size} />}
            onClick={() => duplicate.mutate(id, { onError: complain })}
          >
            Duplicate
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconHistory {...size} />}
          onClick={() => void navigate(`/runs?workflow=${id}`)}
        >
          Its runs
        </Menu.Item>
        <Menu.Item component="a" href={exportAddress(id, 'yaml')} leftSection={<IconDownload {...size} />}>
          Export as a file
        </Menu.Item>
        {edit && (
          <>
            <Menu.Divider />
            <Menu.Item
              color="bad"
              leftSection={<IconTrash {...size} />}
              onClick={() => onDelete({ id, name })}
            >
              Delete
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
