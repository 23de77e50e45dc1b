import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconChevronDown, IconFileUpload, IconPlayerPlay } from '@tabler/icons-react'
import { useDocument, useSurroundings } from '../context'
import { ReadyMark } from './ReadyMark'
import classes from './RunButton.module.css'
import { RunDialog } from './RunDialog'
import { useRunning } from './useRunning'

/** Run: with the workflow's own example, or asking for what it starts with. Problems lead to the checklist. */
export function RunButton({ onProblems }: { onProblems: () => void }) {
  const { problems } = useSurroundings()
  const input = useDocument(document => document.input)
  const { start, ask, hasSample, busy, dialog } = useRunning()
  const press = problems.length > 0 ? onProblems : start
  const withOther = input.kind !== 'none' && hasSample
  return (
    <div className={classes.pair}>
      <ReadyMark />
      <Button
        className={withOther ? classes.left : undefined}
        leftSection={<IconPlayerPlay size={18} stroke={1.75} aria-hidden />}
        loading={busy}
        onClick={press}
      >
        Run
      </Button>
      {withOther && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon className={classes.right} size={36} aria-label="Run with something else">
              <IconChevronDown size={16} stroke={2} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<IconFileUpload size={17} stroke={1.75} aria-hidden />}
              onClick={problems.length > 0 ? onProblems : ask}
            >
              Run with another {input.kind === 'file' ? 'file' : 'text'}…
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <RunDialog {...dialog} />
    </div>
  )
}
