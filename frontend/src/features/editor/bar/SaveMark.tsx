import { Tooltip } from '@mantine/core'
import { useSaveState } from '../useSaving'
import classes from './TopBar.module.css'

const WORDS = {
  saved: 'Saved',
  changed: 'Saving…',
  saving: 'Saving…',
  retrying: 'Could not save: retrying',
  conflict: 'Changed elsewhere',
  refused: 'Could not save',
} as const

/** Whether the last keystroke is with the server. */
export function SaveMark() {
  const { phase, message } = useSaveState()
  const trouble = phase === 'retrying' || phase === 'refused' || phase === 'conflict'
  const mark = (
    <span className={classes.saved} data-trouble={trouble || undefined} role="status">
      {WORDS[phase]}
    </span>
  )
  if (!trouble) return mark
  return (
    <Tooltip label={`${message ?? ''} Nothing is lost: this browser keeps it.`} multiline maw={320}>
      {mark}
    </Tooltip>
  )
}
