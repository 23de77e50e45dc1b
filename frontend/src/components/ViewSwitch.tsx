import { SegmentedControl } from '@mantine/core'
import { IconList, IconSitemap } from '@tabler/icons-react'
import classes from './ViewSwitch.module.css'

export type View = 'list' | 'map'

function label(Icon: typeof IconList, title: string) {
  return (
    <span className={classes.view}>
      <Icon size={16} stroke={1.75} aria-hidden /> {title}
    </span>
  )
}

const VIEWS: { value: View; label: React.ReactNode }[] = [
  { value: 'list', label: label(IconList, 'List') },
  { value: 'map', label: label(IconSitemap, 'Map') },
]

interface Props {
  view: View
  onView: (view: View) => void
  className?: string | undefined
}

/** A workflow, or a run of it, as a list or as a map. */
export function ViewSwitch({ view, onView, className }: Props) {
  return (
    <SegmentedControl<View>
      data={VIEWS}
      value={view}
      onChange={onView}
      aria-label="Show as"
      className={className ?? ''}
    />
  )
}
