import { Drawer } from '@mantine/core'
import { useCallback } from 'react'
import { useAside } from '@/lib/useAside'
import { chosenPipe, INPUT, useDocument, useScreen, useSurroundings } from '../context'
import { findNode } from '../model/graph'
import { findPipe } from '../model/pipes'
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
  useAside(narrow ? null : selected, close)
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
