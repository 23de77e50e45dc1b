import type { Step } from '@/api/types'
import { StepIcon } from '@/components/StepIcon'
import { Badges } from './Badges'
import classes from './LibraryCard.module.css'

/** A step as it stands in the library. */
export function LibraryCard({ step, onOpen }: { step: Step; onOpen: () => void }) {
  return (
    <li className={classes.card}>
      <div className={classes.head}>
        <StepIcon icon={step.icon} category={step.category} />
        <h2 className={classes.title}>
          <button type="button" className={classes.open} onClick={onOpen}>
            {step.title}
          </button>
        </h2>
      </div>
      <p className={classes.summary}>{step.summary}</p>
      <Badges step={step} />
    </li>
  )
}
