import type { ReactNode } from 'react'
import classes from './EmptyState.module.css'

interface Props {
  icon: ReactNode
  title: string
  /** Where it is the whole screen its title is that of the page. */
  heading?: 'h1' | 'h2'
  children?: ReactNode
}

/** What stands where nothing is yet: a picture, a sentence, and the next thing to do. */
export function EmptyState({ icon, title, heading: Heading = 'h2', children }: Props) {
  return (
    <div className={classes.box}>
      <span className={classes.icon} aria-hidden="true">
        {icon}
      </span>
      <Heading className={classes.title}>{title}</Heading>
      <div className={classes.body}>{children}</div>
    </div>
  )
}
