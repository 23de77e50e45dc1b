/** The end of a step's log, as far as it came in. */
export interface LogTail {
  text: string
  /** Where the last piece began, in bytes; -1 before the first one. */
  last: number
  /** Whether the beginning was let go, or never came. */
  cut: boolean
}

export const EMPTY_LOG: LogTail = { text: '', last: -1, cut: false }

const KEPT = 200_000

/**
 * Adds a piece that begins at byte `from`. Pieces come in their order, so one that does not begin after the last one
 * tells the log anew. (Where a piece ends cannot be told from its text: bytes that are no UTF-8 were replaced.)
 */
export function appended(log: LogTail, from: number, piece: string): LogTail {
  const anew = from <= log.last
  const text = anew ? piece : log.text + piece
  const cut = anew || log.last < 0 ? from > 0 : log.cut
  if (text.length <= KEPT) return { text, last: from, cut }
  const tail = text.slice(-KEPT)
  return { text: tail.slice(tail.indexOf('\n') + 1), last: from, cut: true }
}

export interface LogLine {
  /** A line for the person (`composer:…`), or any other. */
  kind: 'error' | 'progress' | 'note' | 'plain'
  text: string
}

const SPOKEN = /^composer:(\w+) ?(.*)$/

/** The lines of a log; those that speak to the person without their prefix. */
export function lines(text: string): LogLine[] {
  const found: LogLine[] = []
  const all = text.split('\n')
  if (all.at(-1) === '') all.pop()
  for (const line of all) {
    const match = SPOKEN.exec(line.replace(/\r$/, ''))
    if (!match) found.push({ kind: 'plain', text: line })
    else if (match[1] === 'error') found.push({ kind: 'error', text: match[2] ?? '' })
    else if (match[1] === 'progress') {
      const words = (match[2] ?? '').replace(/^[\d.]+ ?/, '')
      if (words) found.push({ kind: 'progress', text: words })
    } else found.push({ kind: 'note', text: match[2] ?? '' })
  }
  return found
}
