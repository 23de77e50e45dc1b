import type { RJSFSchema, WidgetProps } from '@rjsf/utils'
import type { Params, Schema } from '@/lib/schema'

/** What the fields of a step's form know beyond their own value. */
export interface FormContext {
  schema: Schema
  params: Params
  /** What is wrong, by field, in plain words. */
  errors: Readonly<Record<string, string>>
  /** The columns of the table that arrives; empty if nobody knows yet. */
  columns: readonly string[]
  /** Whether no other columns arrive than these. */
  sure: boolean
  /** A field below “More options” that wants to be seen. */
  wanted: string | null
}

export type FieldWidgetProps = WidgetProps<Params, RJSFSchema, FormContext>

/** The schema of a field as step authors write it. */
export function fieldSchema(props: FieldWidgetProps): Schema {
  return props.schema as Schema
}

function preset(field: Schema): string | undefined {
  const value = field['x-default']
  return typeof value === 'string' || typeof value === 'number' ? String(value) || undefined : undefined
}

/** Label, help and complaint, as every field shows them. */
export function wording(props: FieldWidgetProps) {
  const field = fieldSchema(props)
  return {
    id: props.id,
    name: props.name,
    label: props.label,
    description: field.description,
    error: props.registry.formContext.errors[props.name],
    withAsterisk: false,
    disabled: props.disabled || props.readonly,
    // An emptied field works with its default: that is what stands there, in grey.
    placeholder: field['x-placeholder'] ?? preset(field),
  }
}

/** A text that was emptied: an empty text where that is a value of its own, else no value. */
export function textValue(text: string, field: Schema): string | undefined {
  if (text !== '') return text
  return typeof field['x-default'] === 'string' && (field.minLength ?? 0) === 0 ? '' : undefined
}
