import { useDraggable } from '@dnd-kit/core'
import { UnstyledButton } from '@mantine/core'
import type { Step } from '@/api/types'
import { StepIcon } from '@/components/StepIcon'
import { TakesGives } from '@/components/TakesGives'
import type { Dragged } from '../list/DragArea'
import classes from './PaletteItem.module.css'

interface Props {
  step: Step
  /** Tells the same step in two groups apart. */
  name: string
  draggable: boolean
  onChoose: () => void
}

/** A step to choose: click it, press Enter on it, or drag it into the list. */
export function PaletteItem({ step, name, draggable, onChoose }: Props) {
  const data: Dragged = { kind: 'step', slug: step.slug }
  const { setNodeRef, listeners } = useDraggable({ id: `step ${name}`, data, disabled: !draggable })
  return (
    <UnstyledButton
      ref={setNodeRef}
      {...listeners}
      className={classes.item}
      onClick={onChoose}
      title={step.summary}
    >
      <StepIcon icon={step.icon} category={step.category} size={30} />
      <span className={classes.words}>
        <span className={classes.title}>{step.title}</span>
        <span className={classes.kinds}>
          <TakesGives step={step} />
        </span>
      </span>
    </UnstyledButton>
  )
}
