import { Button, Popover, UnstyledButton } from '@mantine/core'
import { IconAlertTriangle, IconArrowRight } from '@tabler/icons-react'
import { StepIcon } from '@/components/StepIcon'
import { useDocument, useSurroundings } from '../context'
import { findNode } from '../model/graph'
import classes from './Checklist.module.css'

interface Props {
  opened: boolean
  onChange: (opened: boolean) => void
  narrow: boolean
}

/** What is still to be done before the workflow can run; each line leads to its very field. */
export function Checklist({ opened, onChange, narrow }: Props) {
  const { problems, steps, actions } = useSurroundings()
  const graph = useDocument(document => document.graph)
  if (problems.length === 0) return null
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
          variant="default"
          className={classes.button}
          leftSection={<IconAlertTriangle size={18} stroke={1.75} aria-hidden />}
          px={narrow ? 10 : undefined}
          onClick={() => onChange(!opened)}
        >
          {problems.length}
          {narrow ? <span className="visually-hidden"> to fix</span> : ' to fix'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={6} aria-label="Before it can run">
        <h2 className={classes.heading}>Before it can run</h2>
        <ul className={classes.list}>
          {problems.map(problem => {
            const node = findNode(graph, problem.node)
            const step = node && steps.get(node.step)
            return (
              <li key={`${problem.node} ${problem.field} ${problem.message}`}>
                <UnstyledButton
                  className={classes.item}
                  onClick={() => {
                    onChange(false)
                    actions.goTo(problem)
                  }}
                >
                  <StepIcon icon={step?.icon ?? 'box'} category={step?.category ?? 'get'} size={30} />
                  <span className={classes.words}>
                    <span>{problem.message}</span>
                    {node && <span className={classes.where}>{node.title ?? step?.title ?? node.step}</span>}
                  </span>
                  <IconArrowRight size={16} stroke={1.75} aria-hidden />
                </UnstyledButton>
              </li>
            )
          })}
        </ul>
      </Popover.Dropdown>
    </Popover>
  )
}
