import { Button, Popover, UnstyledButton } from '@mantine/core'
import { IconAlertTriangle, IconArrowRight, IconInfoCircle } from '@tabler/icons-react'
import type { Problem } from '@/api/types'
import { StepIcon } from '@/components/StepIcon'
import { useDocument, useSurroundings } from '../context'
import lines from '../Lines.module.css'
import { findNode } from '../model/graph'
import { findPipe } from '../model/pipes'
import { useTitles } from '../titles'
import classes from './Checklist.module.css'

interface Props {
  opened: boolean
  onChange: (opened: boolean) => void
  narrow: boolean
}

/** What is still to be done before the workflow can run, and what is good to know; each line leads to its place. */
export function Checklist({ opened, onChange, narrow }: Props) {
  const { problems, notes } = useSurroundings()
  const empty = useDocument(document => document.graph.nodes.length === 0)
  // Where nothing is placed yet, the list itself asks for a step.
  if (empty || (problems.length === 0 && notes.length === 0)) return null
  const toFix = problems.length > 0
  const Icon = toFix ? IconAlertTriangle : IconInfoCircle
  return (
    <Popover
      opened={opened}
      onChange={onChange}
      position="bottom-end"
      width={380}
      shadow="md"
      radius={10}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button
          variant={toFix ? 'default' : 'subtle'}
          className={toFix ? classes.button : classes.quiet}
          leftSection={<Icon size={18} stroke={1.75} aria-hidden />}
          px={narrow ? 10 : undefined}
          onClick={() => onChange(!opened)}
        >
          {toFix ? problems.length : <Words narrow={narrow}>Good to know</Words>}
          {toFix && <Words narrow={narrow}> to fix</Words>}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={6} aria-label={toFix ? 'Before it can run' : 'Good to know'}>
        {toFix && <Items heading="Before it can run" entries={problems} onGone={() => onChange(false)} />}
        {notes.length > 0 && <Items heading="Good to know" entries={notes} onGone={() => onChange(false)} />}
      </Popover.Dropdown>
    </Popover>
  )
}

/** On narrow screens they are only read aloud. */
function Words({ narrow, children }: { narrow: boolean; children: string }) {
  return narrow ? <span className="visually-hidden">{children}</span> : children
}

interface ItemsProps {
  heading: string
  entries: readonly Problem[]
  onGone: () => void
}

function Items({ heading, entries, onGone }: ItemsProps) {
  const { steps, actions } = useSurroundings()
  const graph = useDocument(document => document.graph)
  const title = useTitles()
  return (
    <>
      <h2 className={classes.heading}>{heading}</h2>
      <ul className={lines.list}>
        {entries.map(entry => {
          const node = findNode(graph, entry.node)
          const pipe = findPipe(graph, entry.edge)
          const step = node && steps.get(node.step)
          return (
            <li key={`${entry.node} ${entry.edge} ${entry.field} ${entry.message}`}>
              <UnstyledButton
                className={lines.item}
                onClick={() => {
                  onGone()
                  actions.goTo(entry)
                }}
              >
                <StepIcon icon={step?.icon ?? 'box'} category={step?.category ?? 'get'} size={30} />
                <span className={lines.words}>
                  <span>{entry.message}</span>
                  {pipe ? (
                    <span className={lines.where}>
                      {title(pipe.source)} → {title(pipe.target)}
                    </span>
                  ) : (
                    node && <span className={lines.where}>{title(node.id)}</span>
                  )}
                </span>
                <IconArrowRight size={16} stroke={1.75} aria-hidden />
              </UnstyledButton>
            </li>
          )
        })}
      </ul>
    </>
  )
}
