import { Collapse, UnstyledButton } from '@mantine/core'
import type { FieldTemplateProps, ObjectFieldTemplateProps, RJSFSchema } from '@rjsf/utils'
import { IconChevronRight } from '@tabler/icons-react'
import { type ReactNode, useEffect, useId, useState } from 'react'
import { isShown, type Params, type Schema } from '@/lib/schema'
import type { FormContext } from './context'
import classes from './FieldGroups.module.css'

interface Field {
  name: string
  schema: Schema
  content: ReactNode
}

/** Neighbours that ask for half a line share one. */
function inLines(fields: readonly Field[]): Field[][] {
  const lines: Field[][] = []
  for (const field of fields) {
    const last = lines.at(-1)
    const joins = field.schema['x-half'] && last?.length === 1 && last[0]?.schema['x-half']
    if (joins) last.push(field)
    else lines.push([field])
  }
  return lines
}

function Lines({ fields }: { fields: readonly Field[] }) {
  return inLines(fields).map(line => (
    <div key={line[0]?.name} className={classes.line}>
      {line.map(field => (
        <div key={field.name} className={classes.field}>
          {field.content}
        </div>
      ))}
    </div>
  ))
}

/** The fields of a form: what does not take part is left out, what is rarely needed is below “More options”. */
export function FieldGroups(props: ObjectFieldTemplateProps<Params, RJSFSchema, FormContext>) {
  const { schema, params, errors, wanted } = props.registry.formContext
  const moreId = useId()
  const fields = props.properties
    .map(property => ({
      name: property.name,
      content: property.content,
      schema: (schema.properties?.[property.name] ?? {}) as Schema,
    }))
    .filter(field => isShown(field.schema, params, schema))
  const usual = fields.filter(field => !field.schema['x-more'])
  const more = fields.filter(field => field.schema['x-more'])
  const needed = more.some(field => errors[field.name] !== undefined || field.name === wanted)
  const [open, setOpen] = useState(needed)
  useEffect(() => {
    if (needed) setOpen(true)
  }, [needed])

  return (
    <div className={classes.fields}>
      <Lines fields={usual} />
      {more.length > 0 && (
        <>
          <UnstyledButton
            className={classes.more}
            aria-expanded={open}
            aria-controls={moreId}
            onClick={() => setOpen(!open)}
          >
            <IconChevronRight size={16} className={classes.chevron} aria-hidden />
            More options
          </UnstyledButton>
          <Collapse expanded={open} id={moreId}>
            <div className={classes.fields}>
              <Lines fields={more} />
            </div>
          </Collapse>
        </>
      )}
    </div>
  )
}

/** Labels, help and errors are drawn by the fields themselves. */
export function BareField({ children, hidden }: FieldTemplateProps<Params, RJSFSchema, FormContext>) {
  return hidden ? null : children
}
