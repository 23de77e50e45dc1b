import { IconBolt } from '@tabler/icons-react'
import classes from './RunButton.module.css'
import { useArmed } from './useArmed'

/** Beside Run, where runs stand ready. */
export function ReadyMark() {
  const { armed } = useArmed()
  if (armed.runs === 0) return null
  const words = armed.ready === 0 ? 'Getting ready to start at once' : 'Ready to start at once'
  return (
    <span className={classes.ready} data-ready={armed.ready !== 0 || undefined}>
      <IconBolt size={17} stroke={1.75} aria-hidden />
      <span>{words}</span>
    </span>
  )
}
