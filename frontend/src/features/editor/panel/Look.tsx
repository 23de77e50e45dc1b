import { downloadAddress } from '@/api/runs'
import type { Preview } from '@/api/types'
import { MiniTable } from '@/components/MiniTable'
import classes from './Look.module.css'

interface Props {
  look: Preview
  run: string
  node: string | null
  /** A further output of the node. */
  of?: string | undefined
  label: string
  rows?: number
}

/** A first glance at data: some rows, some lines, or the picture itself. */
export function Look({ look, run, node, of, label, rows = 5 }: Props) {
  if (look.kind === 'empty' || look.bytes === 0)
    return <p className={classes.nothing}>Nothing came out: it is empty.</p>
  if (look.kind === 'picture') {
    return <img className={classes.picture} src={downloadAddress(run, node, 'output', of)} alt={label} />
  }
  if (look.kind === 'table' && look.columns) {
    return <MiniTable columns={look.columns} rows={(look.rows ?? []).slice(0, rows)} label={label} />
  }
  if (look.kind === 'binary')
    return <p className={classes.nothing}>This is not text; download it to look at it.</p>
  const lines = (look.text ?? '').split('\n').slice(0, 12).join('\n')
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={classes.text} tabIndex={0} aria-label={label}>
      <pre>{lines}</pre>
    </section>
  )
}
