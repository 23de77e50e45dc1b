import type { ReactNode } from 'react'
import classes from './EmptyState.module.css'

interface Props {
  icon: ReactNode
  title: string
  children?: ReactNode
}

/** What stands where nothing is yet: a picture, a sentence, and the next thing to do. */
export function EmptyState({ icon, title, children }: Props) {
  return (
    <div className={classes.box}>
      <span className={classes.icon} aria-hidden="true">
        {icon}
      </span>
      <h2 className={classes.title}>{title}</h2>
      <div className={classes.body}>{children}</div>
    </div>
  )
}
