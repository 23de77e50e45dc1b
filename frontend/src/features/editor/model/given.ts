import type { WorkflowInput } from '@/api/types'
import { csvTable } from '@/lib/csv'
import { number, plural } from '@/lib/format'
import { inputKind } from './kinds'

/** How many columns are named where a table is told in one line. */
const NAMED = 8

/** The table that the workflow brings along, if it is one. */
export function givenTable(input: WorkflowInput): { columns: string[]; rows: number } | null {
  if (input.sample.trim() === '' || inputKind(input) !== 'csv') return null
  const { columns, rows } = csvTable(input.sample, Number.POSITIVE_INFINITY)
  return { columns: columns.map(name => name.trim()), rows: rows.length }
}

/** “Table, 3 rows: name, city, price”: what was understood of it. */
export function tableWords({ columns, rows }: { columns: string[]; rows: number }): string {
  const more = columns.length - NAMED
  const names = columns.slice(0, NAMED).join(', ')
  return `Table, ${plural(rows, 'row')}: ${names}${more > 0 ? ` and ${number(more)} more` : ''}`
}

/** How much was given: the rows of a table without its heading, as a run counts them; of anything else the lines. */
export function givenSize(input: WorkflowInput): string {
  const table = givenTable(input)
  return table ? plural(table.rows, 'row') : plural(input.sample.trimEnd().split('\n').length, 'line')
}
