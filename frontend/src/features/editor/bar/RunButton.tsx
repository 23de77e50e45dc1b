import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconChevronDown, IconFileUpload, IconPlayerPlay } from '@tabler/icons-react'
import { useDocument, useParts, useSurroundings } from '../context'
import { knownProblems, localProblems } from '../model/problems'
import { ReadyMark } from './ReadyMark'
import classes from './RunButton.module.css'
import { RunDialog } from './RunDialog'
import { useRunning } from './useRunning'

/** Run: with the workflow's own example, or asking for what it starts with. Problems lead to the checklist. */
export function RunButton({ onProblems }: { onProblems: () => void }) {
  const { document, autosave } = useParts()
  const { steps, problems, actions } = useSurroundings()
  const input = useDocument(whole => whole.input)
  const { start, ask, hasSample, busy, dialog } = useRunning()
  const press = async () => {
    const { graph } = document.store.getState().document
    // What only the server knows may be mended already; it looks when it saves.
    if (problems.length > 0 && localProblems(graph, steps).length === 0) await autosave.flush()
    const [first] = knownProblems(graph, steps, autosave.state.getState().problems)
    if (first && graph.nodes.length === 0) actions.goTo(first)
    else if (first) onProblems()
    else start()
  }
  const withOther = input.kind !== 'none' && hasSample
  return (
    <div className={classes.pair}>
      <ReadyMark />
      <Button
        className={withOther ? classes.left : undefined}
        leftSection={<IconPlayerPlay size={18} stroke={1.75} aria-hidden />}
        loading={busy}
        onClick={() => void press()}
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
