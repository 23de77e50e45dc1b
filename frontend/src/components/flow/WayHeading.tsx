import { IconArrowMerge, IconArrowsSplit2, IconCornerDownRight } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './WayHeading.module.css'

const ICONS = { way: IconArrowsSplit2, from: IconCornerDownRight, join: IconArrowMerge }

interface Props {
  /** A way that depends on something; one from elsewhere; several that meet. */
  kind: keyof typeof ICONS
  words: ReactNode
  /** Said after it in a lighter tone, such as where it comes from. */
  aside?: ReactNode
  selected?: boolean
  onClick?: () => void
  /** Nothing goes this way. */
  closed?: boolean
  /** What flows there. */
  children?: ReactNode
}

/** How one comes to the card below: “If total is greater than 1,000”, “Otherwise”, “Then, from Keep rows”. */
export function WayHeading({ kind, words, aside, selected = false, onClick, closed, children }: Props) {
  const Icon = ICONS[kind]
  const inside = (
    <>
      <Icon size={17} stroke={1.75} aria-hidden />
      <span>{words}</span>
      {aside && <small>{aside}</small>}
    </>
  )
  return (
    <span className={classes.head}>
      <h2 className={classes.heading} data-kind={kind} data-closed={closed || undefined}>
        {onClick ? (
          <button type="button" aria-pressed={selected} onClick={onClick}>
            {inside}
          </button>
        ) : (
          <span>{inside}</span>
        )}
      </h2>
      {children}
    </span>
  )
}
