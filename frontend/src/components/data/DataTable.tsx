import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef } from 'react'
import { number } from '@/lib/format'
import { numericColumns } from '@/lib/table'
import classes from './DataTable.module.css'

interface Props {
  columns: readonly string[]
  rows: readonly (readonly string[])[]
  label: string
}

const ROW_HEIGHT = 32
/** Longer cells are cut on the screen. */
const WIDEST = 40

/** A table that stays quick however long it is: only the rows in sight are drawn. */
export function DataTable({ columns, rows, label }: Props) {
  const frame = useRef<HTMLElement>(null)
  const numeric = useMemo(() => numericColumns(columns, rows), [columns, rows])
  const widths = useMemo(() => columns.map((name, at) => widthOf(name, rows, at)), [columns, rows])
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  })
  const shown = list.getVirtualItems()
  const above = shown[0]?.start ?? 0
  const below = list.getTotalSize() - (shown.at(-1)?.end ?? 0)
  return (
    <section
      ref={frame}
      className={classes.frame}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <table className={classes.table} aria-rowcount={rows.length + 1}>
        <colgroup>
          <col />
          {widths.map((width, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns may share a name and never move
            <col key={at} style={{ minWidth: `${width}ch`, width: `${width}ch` }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th className={classes.count}>
              <span className="visually-hidden">Row</span>
            </th>
            {columns.map((column, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns may share a name and never move
              <th key={at} scope="col" data-numeric={numeric[at] || undefined}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Space height={above} />
          {shown.map(item => (
            <tr key={item.key} aria-rowindex={item.index + 2} style={{ height: ROW_HEIGHT }}>
              <td className={classes.count}>{number(item.index + 1)}</td>
              {columns.map((_, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: see above
                <td key={at} data-numeric={numeric[at] || undefined}>
                  {rows[item.index]?.[at]}
                </td>
              ))}
            </tr>
          ))}
          <Space height={below} />
        </tbody>
      </table>
    </section>
  )
}

/** How wide a column is by all its rows, in characters: it must not change with what is scrolled into sight. */
function widthOf(name: string, rows: Props['rows'], at: number): number {
  const longest = rows.reduce((most, row) => Math.max(most, row[at]?.length ?? 0), name.length)
  return Math.min(longest, WIDEST) + 3
}

function Space({ height }: { height: number }) {
  if (height <= 0) return null
  return (
    <tr style={{ height }}>
      <td />
    </tr>
  )
}
