import { IconAlertCircle, IconInfoCircle } from '@tabler/icons-react'
import type { LogLine } from '../model/log'
import classes from './LogLines.module.css'

/** Lines of a log. What was said to the person stands out as a message. */
export function LogLines({ lines, first = 0 }: { lines: readonly LogLine[]; first?: number }) {
  return lines.map((line, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other name than its place in the log
    <div key={first + place} className={classes.line} data-kind={line.kind}>
      {line.kind === 'error' && <IconAlertCircle size={16} stroke={1.75} aria-label="Error" />}
      {line.kind === 'note' && <IconInfoCircle size={16} stroke={1.75} aria-hidden />}
      <span>{line.text || ' '}</span>
    </div>
  ))
}
