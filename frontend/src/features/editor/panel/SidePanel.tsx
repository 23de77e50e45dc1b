import { Drawer } from '@mantine/core'
import { useCallback, useEffect } from 'react'
import { isLost, useAside } from '@/lib/useAside'
import { chosenPipe, INPUT, useDocument, useParts, useScreen, useSurroundings } from '../context'
import { findNode } from '../model/graph'
import { findPipe } from '../model/pipes'
import { lastPlace, rows } from '../model/rows'
import { PipePanel } from '../pipe/PipePanel'
import { InputPanel } from './InputPanel'
import { SettingsPanel } from './SettingsPanel'
import classes from './SidePanel.module.css'

/** Settings of the chosen card: at the right, on narrow screens over everything. */
export function SidePanel({ narrow }: { narrow: boolean }) {
  const { actions } = useSurroundings()
  const selected = useScreen(state => state.selected)
  const node = useDocument(document => findNode(document.graph, selected))
  const pipe = useDocument(document => findPipe(document.graph, chosenPipe(selected)))
  const close = useCallback(() => actions.select(null), [actions])
  useAside(selected, close, narrow)
  useGone(selected, Boolean(node || pipe))
  const content =
    selected === INPUT ? (
      <InputPanel onClose={close} />
    ) : pipe ? (
      <PipePanel key={pipe.id} pipe={pipe} onClose={close} />
    ) : (
      node && <SettingsPanel key={node.id} node={node} onClose={close} />
    )

  if (narrow) {
    return (
      <Drawer.Root opened={Boolean(content)} onClose={close} position="right" size="100%" padding={0}>
        <Drawer.Content aria-label="Settings">
          <Drawer.Body>{content}</Drawer.Body>
        </Drawer.Content>
      </Drawer.Root>
    )
  }
  if (!content) return null
  return (
    <aside className={classes.panel} aria-label="Settings">
      {content}
    </aside>
  )
}

/** What was chosen is gone, such as by undo: nothing is chosen then, and the keyboard goes to a card that is there. */
function useGone(selected: string | null, isThere: boolean): void {
  const { document, screen } = useParts()
  const gone = selected !== null && selected !== INPUT && !isThere
  useEffect(() => {
    if (!gone) return
    const { graph } = document.store.getState().document
    const held = isLost() ? (lastPlace(rows(graph)).after ?? INPUT) : null
    screen.setState(held === null ? { selected: null } : { selected: null, held })
  }, [gone, document, screen])
}
