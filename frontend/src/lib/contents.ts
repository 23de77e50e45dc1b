import type { Preview } from '@/api/types'
import { plural } from './format'
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
  if (!seen) return kindWord(gives)
  const word = KINDS[seen.kind]
  return seen.total_rows !== null && seen.total_rows !== undefined && seen.kind === 'table'
    ? `${word} · ${plural(seen.total_rows, 'row')}`
    : word
}
