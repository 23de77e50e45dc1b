import { UnstyledButton } from '@mantine/core'
import {
  IconArrowsSplit2,
  IconBox,
  IconChartBar,
  IconDownload,
  IconFileText,
  IconLayoutGridAdd,
  IconLetterCase,
  IconPlus,
  IconSend,
  IconTable,
  type TablerIcon,
} from '@tabler/icons-react'
import type { Step } from '@/api/types'
import { CATEGORIES, type Category, categoryTitle } from '@/lib/categories'
import classes from './Categories.module.css'

const ICONS: Record<Category, TablerIcon> = {
  get: IconDownload,
  tables: IconTable,
  text: IconLetterCase,
  documents: IconFileText,
  pictures: IconChartBar,
  decide: IconArrowsSplit2,
  send: IconSend,
}

interface Props {
  steps: readonly Step[]
  /** The category shown; '' for everything, null while a search goes over all. */
  chosen: string | null
  onChoose: (category: string) => void
  /** Adding a step of one's own, for those who may. */
  onAdd?: () => void
  narrow: boolean
}

/** The library's shelves, with how much stands in each. */
export function Categories({ steps, chosen, onChoose, onAdd, narrow }: Props) {
  const own = steps.filter(step => step.origin === 'yours').length
  const shelf = (name: string, title: string, count: number, Icon: TablerIcon) => (
    <li key={name}>
      <UnstyledButton
        className={classes.shelf}
        aria-current={chosen === name ? 'true' : undefined}
        onClick={() => onChoose(name)}
      >
        <Icon size={18} stroke={1.75} aria-hidden />
        <span className={classes.name}>{title}</span>
        <span className={classes.count}>{count}</span>
      </UnstyledButton>
    </li>
  )
  const filled = CATEGORIES.filter(name => steps.some(step => step.category === name))
  return (
    <nav className={classes.shelves} aria-label="Categories">
      <ul className={classes.list}>
        {shelf('', 'Everything', steps.length, IconLayoutGridAdd)}
        {filled.map(name =>
          shelf(name, categoryTitle(name), steps.filter(step => step.category === name).length, ICONS[name]),
        )}
        {narrow && own > 0 && shelf('yours', 'Added by you', own, IconBox)}
      </ul>
      {(own > 0 || onAdd) && (
        <>
          {!narrow && <p className={classes.heading}>Your own</p>}
          <ul className={classes.list}>
            {!narrow && own > 0 && shelf('yours', 'Added by you', own, IconBox)}
            {onAdd && (
              <li>
                <UnstyledButton className={`${classes.shelf} ${classes.add}`} onClick={onAdd}>
                  <IconPlus size={18} stroke={1.75} aria-hidden />
                  <span className={classes.name}>Add your own</span>
                </UnstyledButton>
              </li>
            )}
          </ul>
        </>
      )}
    </nav>
  )
}
