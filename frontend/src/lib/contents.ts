import type { Preview } from '@/api/types'
import { bytes, plural } from './format'
import { kindWord } from './kinds'

const KINDS: Record<Preview['kind'], string> = {
  table: 'Table',
  json: 'JSON',
  text: 'Text',
  picture: 'Picture',
  html: 'Web page',
  binary: 'File',
  empty: 'Empty',
}

/** “Table · 2,340 rows”: what was seen in a pipe; before anybody has looked, what its step says it gives. */
export function contents(seen: Preview | undefined, gives: string): string {
  if (!seen || isPart(seen)) return kindWord(gives)
  if (seen.kind === 'text' && gives === 'lines') return count(seen, gives) ?? kindWord(gives)
  const rows = count(seen, gives)
  return rows === null ? KINDS[seen.kind] : `${KINDS[seen.kind]} · ${rows}`
}

/** The same where there is little room: “2,340 rows”, “Picture 12 KB”. */
export function shortContents(seen: Preview | undefined, gives: string, size: number): string {
  if (seen?.kind === 'empty') return KINDS.empty
  const counted = seen && !isPart(seen) ? count(seen, gives) : null
  return counted ?? (gives === 'any' && !seen ? bytes(size) : `${contents(seen, gives)} ${bytes(size)}`)
}

/** Of a stream that was not kept only its beginning can be seen: what it holds is not counted by that. */
function isPart({ is_sample, kind }: Preview): boolean {
  return is_sample && kind !== 'empty'
}

/** How many rows or lines there are, if all of them were seen. */
function count({ kind, total_rows: rows, text, truncated, complete }: Preview, gives: string): string | null {
  if (kind === 'table') return rows === null || rows === undefined ? null : plural(rows, 'row')
  if (kind !== 'text' || gives !== 'lines' || !text || truncated || !complete) return null
  return plural(text.replace(/\n$/, '').split('\n').length, 'line')
}
