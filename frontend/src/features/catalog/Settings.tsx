import type { Schema } from '@/lib/schema'
import classes from './Settings.module.css'

const TYPES: Record<string, string> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'yes or no',
  array: 'list',
}

/** What a field takes, in words: its choices, or its type and what it starts with. */
function answer(field: Schema): string {
  const widget = field['x-widget']
  if (widget === 'column') return 'a column of the table'
  if (widget === 'columns') return 'columns of the table'
  if (field.oneOf) return field.oneOf.map(choice => choice.title ?? String(choice.const)).join(' · ')
  if (field.enum) return field.enum.map(String).join(' · ')
  const type = TYPES[field.type ?? ''] ?? 'text'
  const preset = field.default
  return preset === undefined || preset === '' || typeof preset === 'boolean'
    ? type
    : `${type}, at first ${preset}`
}

/** The settings of a step, explained. */
export function Settings({ schema }: { schema: Schema }) {
  const fields = Object.entries(schema.properties ?? {})
  if (fields.length === 0) return null
  return (
    <section>
      <h3 className={classes.heading}>What it asks you</h3>
      <dl className={classes.list}>
        {fields.map(([name, field]) => (
          <div key={name} className={classes.field}>
            <dt>{field.title ?? name}</dt>
            <dd>
              {answer(field)}
              {schema.required?.includes(name) && <span className={classes.needed}>Must be filled in</span>}
              {field.description && <span className={classes.help}>{field.description}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
