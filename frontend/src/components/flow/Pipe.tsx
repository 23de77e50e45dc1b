import type { ReactNode } from 'react'
import classes from './Pipe.module.css'

export type Flow = 'full' | 'flowing' | 'waiting' | 'empty' | 'closed'

interface Props {
  /** full = data went through; flowing = it does now; waiting = dotted; empty = grey; closed = not taken. */
  flow: Flow
  /** The label on the pipe, usually a PipeChip. */
  children?: ReactNode
  /** What stands at the right end. */
  aside?: ReactNode
  /** It comes from elsewhere, and not from the card above. */
  short?: boolean
  className?: string
}

/** The pipe between two cards of the list. */
export function Pipe({ flow, children, aside, short, className }: Props) {
  return (
    <div className={`${classes.pipe} ${className ?? ''}`} data-flow={flow} data-short={short || undefined}>
      <span className={classes.line} aria-hidden="true" />
      <span className={classes.label}>{children}</span>
      {aside}
    </div>
  )
}

interface ChipProps {
  icon?: ReactNode
  children: ReactNode
  /** A figure in a lighter tone, such as the size. */
  extra?: ReactNode
  /** pipe = data flows; none = nothing does; warn = something is to be mended. */
  tone?: 'pipe' | 'none' | 'warn'
  /** All of what is said, where there is room for one line only. */
  title?: string
  selected?: boolean
  onClick?: () => void
}

/** What flows through a pipe, in words. With `onClick` it opens a look into the pipe. */
export function PipeChip({
  icon,
  children,
  extra,
  tone = 'pipe',
  title,
  selected = false,
  onClick,
}: ChipProps) {
  const look = {
    className: classes.chip,
    'data-tone': tone,
    'data-line': title !== undefined || undefined,
    title,
  }
  const inside = (
    <>
      {icon}
      <span>{children}</span>
      {extra !== undefined && <span className={classes.extra}>{extra}</span>}
    </>
  )
  if (!onClick) {
    return <span {...look}>{inside}</span>
  }
  return (
    <button
      type="button"
      {...look}
      data-selected={selected || undefined}
      aria-pressed={selected}
      onClick={onClick}
    >
      {inside}
    </button>
  )
}
