import { useDraggable } from '@dnd-kit/core'
import { ActionIcon, Menu } from '@mantine/core'
import {
  IconAlertTriangle,
  IconArrowDown,
  IconArrowsSplit2,
  IconArrowUp,
  IconCopy,
  IconDots,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react'
import { type KeyboardEvent, memo, useEffect, useState } from 'react'
import type { GraphNode } from '@/api/types'
import { FlowCard } from '@/components/flow/FlowCard'
import { Says } from '@/components/Says'
import { titleOf } from '@/lib/nodes'
import { NAME, useCardButton, useDocument, useParts, useScreen, useSurroundings } from '../context'
import { neighbour, rows } from '../model/rows'
import type { Dragged } from './DragArea'
import classes from './StepCard.module.css'

/** One step of the workflow. Drag it, use its menu, or the keyboard: Alt + arrows, Delete. */
export const StepCard = memo(function StepCard({ node }: { node: GraphNode }) {
  const { steps, problems, actions } = useSurroundings()
  const { mayEdit } = useParts()
  const selected = useScreen(state => state.selected === node.id)
  const button = useCardButton(node.id)
  const data: Dragged = { kind: 'node', id: node.id }
  const { setNodeRef, listeners, isDragging } = useDraggable({
    id: `node ${node.id}`,
    data,
    disabled: !mayEdit,
  })
  const step = steps.get(node.step)
  const mine = problems.filter(problem => problem.node === node.id)
  const title = titleOf(node, steps)

  const keys = (event: KeyboardEvent) => {
    if (!mayEdit) return
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault()
      actions.shift(node.id, event.key === 'ArrowUp' ? 'up' : 'down')
      // The card moves within the page; the keyboard stays on it.
      requestAnimationFrame(() => button.current?.focus())
    } else if ((event.key === 'Delete' || event.key === 'Backspace') && event.target === button.current) {
      event.preventDefault()
      actions.remove(node.id)
    }
  }
  useEffect(() => {
    if (selected) button.current?.scrollIntoView({ block: 'nearest' })
  }, [selected, button])

  const said = step ? <Says step={step} params={node.params} /> : 'This step is not in the library'
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the button within
    <div
      ref={setNodeRef}
      {...listeners}
      onKeyDown={keys}
      className={classes.holder}
      data-dragging={isDragging || undefined}
    >
      <FlowCard
        buttonRef={button}
        icon={step?.icon ?? 'box'}
        category={step?.category ?? 'text'}
        title={title}
        line={mine[0]?.message ?? node.note ?? said}
        tone={mine.length > 0 ? 'warn' : 'plain'}
        selected={selected}
        onSelect={() => actions.select(node.id)}
        aside={
          <>
            {mine.length > 0 && (
              <button type="button" className={classes.fix} onClick={() => mine[0] && actions.goTo(mine[0])}>
                <IconAlertTriangle size={16} stroke={1.75} aria-hidden /> {mine.length}
                <span className={classes.toFix}> to fix</span>
              </button>
            )}
            {mayEdit && <CardMenu id={node.id} title={title} />}
          </>
        }
      />
    </div>
  )
})

function CardMenu({ id, title }: { id: string; title: string }) {
  const { actions } = useSurroundings()
  const { screen } = useParts()
  const graph = useDocument(document => document.graph)
  const [opened, setOpened] = useState(false)
  const list = opened ? rows(graph) : []
  const size = { size: 17, stroke: 1.75, 'aria-hidden': true } as const
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" width={210}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          size={34}
          aria-label={`More for ${title}`}
          onPointerDown={event => event.stopPropagation()}
        >
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown onPointerDown={event => event.stopPropagation()}>
        <Menu.Item
          leftSection={<IconPencil {...size} />}
          onClick={() => actions.goTo({ node: id, field: NAME })}
        >
          Rename
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowUp {...size} />}
          rightSection={<kbd className={classes.key}>Alt ↑</kbd>}
          disabled={neighbour(list, id, 'up') === null}
          onClick={() => actions.shift(id, 'up')}
        >
          Move up
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown {...size} />}
          rightSection={<kbd className={classes.key}>Alt ↓</kbd>}
          disabled={neighbour(list, id, 'down') === null}
          onClick={() => actions.shift(id, 'down')}
        >
          Move down
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy {...size} />} onClick={() => actions.duplicate(id)}>
          Duplicate
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowsSplit2 {...size} />}
          disabled={graph.nodes.length < 2}
          onClick={() => screen.setState({ leading: id })}
        >
          Lead on to…
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          color="bad"
          leftSection={<IconTrash {...size} />}
          rightSection={<kbd className={classes.key}>Del</kbd>}
          onClick={() => actions.remove(id)}
        >
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
