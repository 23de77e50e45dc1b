import { categoryColors } from '@/lib/categories'
import { LibraryIcon } from './LibraryIcon'
import classes from './StepIcon.module.css'

interface Props {
  icon: string
  category: string
  /** The side of the square: 28 in lists, 38 on cards. */
  size?: number
}

/** The coloured square that a person knows a step by. */
export function StepIcon({ icon, category, size = 38 }: Props) {
  return (
    <span
      className={classes.square}
      style={{ ...categoryColors(category), width: size, height: size }}
      aria-hidden="true"
    >
      <LibraryIcon name={icon} size={Math.round(size * 0.55)} />
    </span>
  )
}
