import { withTheme } from '@rjsf/core'
import { Theme } from '@rjsf/mantine'
import type { RJSFSchema, UiSchema } from '@rjsf/utils'
import { useMemo } from 'react'
import type { Step } from '@/api/types'
import { type Params, type Schema, sameSettings } from '@/lib/schema'
import { ColumnField, ColumnsField } from './ColumnField'
import type { FormContext } from './context'
import { BareField, FieldGroups } from './FieldGroups'
import { SafeValidator } from './validator'
import { ChoiceField, NumberField, SwitchField, TextareaField, TextField } from './widgets'

const Form = withTheme<Params, RJSFSchema, FormContext>({
  ...(Theme as object),
  widgets: {
    TextWidget: TextField,
    TextareaWidget: TextareaField,
    UpDownWidget: NumberField,
    SelectWidget: ChoiceField,
    CheckboxWidget: SwitchField,
    column: ColumnField,
    columns: ColumnsField,
  },
  templates: { ObjectFieldTemplate: FieldGroups, FieldTemplate: BareField },
})

const validator = new SafeValidator<Params, RJSFSchema, FormContext>()

/**
 * The schema for the form. Defaults are set when a step is added; the form must not put them back when somebody
 * empties a field, so it gets them under another name.
 */
function withoutDefaults(schema: Schema): RJSFSchema {
  const properties: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const { default: preset, ...rest } = field
    properties[name] = preset === undefined ? rest : { ...rest, 'x-default': preset }
  }
  return { ...schema, title: undefined, description: undefined, properties } as RJSFSchema
}

function uiSchemaOf(schema: Schema): UiSchema<Params, RJSFSchema, FormContext> {
  const ui: UiSchema<Params, RJSFSchema, FormContext> = { 'ui:submitButtonOptions': { norender: true } }
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const { type } = field
    const number = (type === 'integer' || type === 'number') && !field.oneOf && !field.enum
    const widget = field['x-widget'] ?? (number ? 'updown' : undefined)
    if (widget) ui[name] = { 'ui:widget': widget }
  }
  return ui
}

interface Props {
  step: Step
  params: Params
  errors: Readonly<Record<string, string>>
  columns: readonly string[]
  sure: boolean
  wanted: string | null
  onChange: (params: Params) => void
}

/** The settings of a step, drawn from its JSON Schema. */
export function StepForm({ step, params, errors, columns, sure, wanted, onChange }: Props) {
  const schema = step.params as Schema
  const formSchema = useMemo(() => withoutDefaults(schema), [schema])
  const uiSchema = useMemo(() => uiSchemaOf(schema), [schema])
  const formContext = useMemo(
    () => ({ schema, params, errors, columns, sure, wanted }),
    [schema, params, errors, columns, sure, wanted],
  )
  return (
    <Form
      tagName="div"
      idPrefix="param"
      idSeparator="_"
      schema={formSchema}
      uiSchema={uiSchema}
      formData={params}
      formContext={formContext}
      validator={validator}
      noValidate
      noHtml5Validate
      showErrorList={false}
      experimental_defaultFormStateBehavior={{ emptyObjectFields: 'skipDefaults' }}
      onChange={({ formData }) => {
        const next = withoutGaps(formData ?? {})
        // The form also reports itself once when it is drawn; that is no change.
        if (!sameSettings(next, params)) onChange(next)
      }}
    />
  )
}

/** A setting without a value is absent, not null. */
function withoutGaps(params: Params): Params {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined))
}
