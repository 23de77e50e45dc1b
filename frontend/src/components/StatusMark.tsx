import {
  IconAlertCircle,
  IconCircleCheck,
  IconClock,
  IconHandStop,
  IconLoader2,
  IconPlayerSkipForward,
  IconPlayerStop,
  type TablerIcon,
} from '@tabler/icons-react'
import type { Status } from '@/api/types'
import classes from './StatusMark.module.css'

const LOOKS: Record<Status, { word: string; tone: string; Icon: TablerIcon }> = {
  queued: { word: 'Waiting', tone: 'quiet', Icon: IconClock },
  preparing: { word: 'Getting ready', tone: 'quiet', Icon: IconClock },
  running: { word: 'Working', tone: 'busy', Icon: IconLoader2 },
  waiting: { word: 'Needs you', tone: 'warn', Icon: IconHandStop },
  succeeded: { word: 'Done', tone: 'ok', Icon: IconCircleCheck },
  failed: { word: 'Failed', tone: 'bad', Icon: IconAlertCircle },
  skipped: { word: 'Not started', tone: 'quiet', Icon: IconPlayerSkipForward },
  canceled: { word: 'Stopped', tone: 'quiet', Icon: IconPlayerStop },
}

export function statusWord(status: Status): string {
  return LOOKS[status].word
}

/** A status as an icon and a word. `word` says it in other words, such as “Working · step 3 of 4”. */
export function StatusMark({ status, word, size = 18 }: { status: Status; word?: string; size?: number }) {
  const { Icon, tone, word: usual } = LOOKS[status]
  return (
    <span className={classes.mark} data-tone={tone}>
      <Icon
        size={size}
        stroke={1.75}
        aria-hidden
        className={status === 'running' ? classes.turning : undefined}
      />
      {word ?? usual}
    </span>
  )
}
