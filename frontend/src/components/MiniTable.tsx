import { numericColumns } from '@/lib/table'
import classes from './MiniTable.module.css'

interface Props {
  columns: readonly string[]
  rows: readonly (readonly string[])[]
  label: string
}

/** A small table to look at; numbers stand at the right. */
export function MiniTable({ columns, rows, label }: Props) {
  const numeric = numericColumns(columns, rows)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={classes.frame} aria-label={label} tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            {columns.map((column, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns may share a name and never move
              <th key={at} scope="col" data-numeric={numeric[at] || undefined}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name and never move
            <tr key={index}>
              {columns.map((_, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: see above
                <td key={at} data-numeric={numeric[at] || undefined}>
                  {row[at]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
