import { IconArrowDown } from '@tabler/icons-react'
import type { Step } from '@/api/types'
import { MiniTable } from '@/components/MiniTable'
import { Says } from '@/components/Says'
import { csvTable } from '@/lib/csv'
import classes from './Example.module.css'

type StepExample = Step['examples'][number]

/** What goes in, what the step does with it, what comes out. */
export function Example({ step, example }: { step: Step; example: StepExample }) {
  return (
    <div className={classes.example}>
      <h4 className={classes.title}>{example.title}</h4>
      {example.input && (
        <Data kind={step.takes} text={example.input} label={`${example.title}: what goes in`} />
      )}
      <p className={classes.says}>
        <IconArrowDown size={16} stroke={1.75} aria-hidden />{' '}
        <span>
          <Says step={step} params={example.params} />
        </span>
      </p>
      <Data kind={step.gives} text={example.output ?? ''} label={`${example.title}: what comes out`} />
    </div>
  )
}

function Data({ kind, text, label }: { kind: string; text: string; label: string }) {
  if (kind === 'csv') {
    const { columns, rows } = csvTable(text, 8)
    if (columns.length > 0) return <MiniTable columns={columns} rows={rows} label={label} />
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={classes.text} tabIndex={0} aria-label={label}>
      <pre>{text}</pre>
    </section>
  )
}
