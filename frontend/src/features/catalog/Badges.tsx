import { IconArrowRight, IconBolt, IconWorld } from '@tabler/icons-react'
import type { Step } from '@/api/types'
import { kindWord } from '@/lib/kinds'
import classes from './Badges.module.css'

/** What a step takes and gives, and what one should know before using it. */
export function Badges({ step }: { step: Step }) {
  return (
    <div className={classes.line}>
      <span className={classes.badge}>{kindWord(step.takes)}</span>
      <IconArrowRight size={16} stroke={1.75} role="img" aria-label="becomes" />
      <span className={classes.badge}>{kindWord(step.gives)}</span>
      <span className={classes.gap} />
      {step.network === 'internet' && (
        <span className={classes.badge}>
          <IconWorld size={14} stroke={1.75} aria-hidden /> Internet
        </span>
      )}
      {step.kind === 'actuator' && (
        <span className={`${classes.badge} ${classes.warn}`}>
          <IconBolt size={14} stroke={1.75} aria-hidden /> Changes things
        </span>
      )}
      {step.origin === 'yours' && <span className={classes.badge}>Yours</span>}
    </div>
  )
}
