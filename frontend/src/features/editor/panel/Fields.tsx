import type { ReactNode } from 'react'
import { useParts } from '../context'
import classes from './SidePanel.module.css'

/** What changes something when it is touched; for those who may only look it is shown and locked. */
export function Fields({ children }: { children: ReactNode }) {
  const { mayEdit } = useParts()
  if (mayEdit) return children
  return (
    <fieldset disabled className={classes.locked}>
      {children}
    </fieldset>
  )
}
