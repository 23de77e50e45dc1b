/** The end of a step's log, as far as it came in. */
export interface LogTail {
  text: string
  /** How many bytes of the log are known to have come. */
  end: number
  /** Whether the beginning was let go. */
  cut: boolean
}

export const EMPTY_LOG: LogTail = { text: '', end: 0, cut: false }

const KEPT = 200_000
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Adds a piece that begins at byte `from`; what was there already is not shown twice. */
export function appended(log: LogTail, from: number, piece: string): LogTail {
  const bytes = encoder.encode(piece)
  const end = from + bytes.length
  if (end <= log.end) return log
  const fresh = from >= log.end ? piece : decoder.decode(bytes.subarray(log.end - from))
  const text = log.text + fresh
  if (text.length <= KEPT) return { text, end, cut: log.cut || (log.end === 0 && from > 0) }
  const tail = text.slice(-KEPT)
  return { text: tail.slice(tail.indexOf('\n') + 1), end, cut: true }
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
