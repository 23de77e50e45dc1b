import { type ReactNode, useMemo, useState } from 'react'
import { plural } from '@/lib/format'
import classes from './JsonTree.module.css'

/** So many entries are drawn at once; a button shows more. */
const PAGE = 100

/** JSON to open and close. Text that is no JSON (it may be cut) is shown as it is. */
export function JsonTree({ text }: { text: string }) {
  const read = useMemo(() => {
    try {
      return { value: JSON.parse(text) as unknown }
    } catch {
      return null
    }
  }, [text])
  if (!read) return <pre className={classes.raw}>{text}</pre>
  return (
    <div className={classes.tree}>
      <Value value={read.value} open={2} />
    </div>
  )
}

function Value({ name, value, open }: { name?: string; value: unknown; open: number }) {
  const label = name === undefined ? null : <span className={classes.name}>{name}: </span>
  if (typeof value !== 'object' || value === null) {
    return (
      <div className={classes.leaf}>
        {label}
        <span className={classes[typeof value === 'object' ? 'null' : typeof value]}>
          {JSON.stringify(value)}
        </span>
      </div>
    )
  }
  return <Branch label={label} value={value} open={open} />
}

function Branch({ label, value, open }: { label: ReactNode; value: object; open: number }) {
  const [most, setMost] = useState(PAGE)
  const [opened, setOpened] = useState(open > 0)
  const list = Array.isArray(value)
  const entries = Object.entries(value)
  const size = plural(entries.length, list ? 'item' : 'field')
  return (
    <details open={opened} onToggle={event => setOpened(event.currentTarget.open)}>
      <summary>
        {label}
        <span className={classes.size}>{list ? `list of ${size}` : size}</span>
      </summary>
      {opened && (
        <div className={classes.inside}>
          {entries.slice(0, most).map(([key, inner]) => (
            <Value key={key} name={key} value={inner} open={open - 1} />
          ))}
          {entries.length > most && (
            <button type="button" className={classes.more} onClick={() => setMost(most + PAGE)}>
              Show more
            </button>
          )}
        </div>
      )}
    </details>
  )
}
