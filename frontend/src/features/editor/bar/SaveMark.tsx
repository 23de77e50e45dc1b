import { Popover } from '@mantine/core'
import type { Phase } from '../model/autosave'
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

/** Whether the last keystroke is with the server. Where it is not, why stands behind the words, and is read aloud. */
export function SaveMark() {
  const { phase: now, message, kept } = useSaveState()
  // While it tries again, what kept it from being saved is still to be seen.
  const phase = message !== null && (now === 'changed' || now === 'saving') ? 'retrying' : now
  const trouble = phase === 'retrying' || phase === 'refused' || phase === 'conflict'
  const why = trouble ? whyNotSaved(phase, message, kept) : ''
  return (
    <>
      {trouble ? (
        <Popover width={320} position="bottom-start" shadow="md" radius={10} returnFocus>
          <Popover.Target>
            <button type="button" className={classes.saved} data-trouble>
              {WORDS[phase]}
            </button>
          </Popover.Target>
          <Popover.Dropdown className={classes.why}>{why}</Popover.Dropdown>
        </Popover>
      ) : (
        <span className={classes.saved}>{WORDS[phase]}</span>
      )}
      <span className="visually-hidden" role="status">
        {trouble && `${WORDS[phase]}. ${why}`}
      </span>
    </>
  )
}

function whyNotSaved(phase: Phase, message: string | null, kept: boolean): string {
  const again = phase === 'retrying' && 'It tries again by itself.'
  const promise = kept
    ? 'Nothing is lost: this browser keeps it.'
    : 'This browser has no room to keep it: leave this page open until it is saved.'
  return [message, again, promise].filter(Boolean).join(' ')
}
