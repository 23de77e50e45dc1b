import { Checkbox, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { type FieldWidgetProps, fieldSchema, textValue, wording } from './context'

export function TextField(props: FieldWidgetProps) {
  const field = fieldSchema(props)
  return (
    <TextInput
      {...wording(props)}
      value={String(props.value ?? '')}
      onChange={event => props.onChange(textValue(event.currentTarget.value, field))}
      autoComplete="off"
      spellCheck={false}
    />
  )
}

export function TextareaField(props: FieldWidgetProps) {
  const field = fieldSchema(props)
  return (
    <Textarea
      {...wording(props)}
      value={String(props.value ?? '')}
      onChange={event => props.onChange(textValue(event.currentTarget.value, field))}
      autosize
      minRows={4}
      maxRows={18}
    />
  )
}

export function NumberField(props: FieldWidgetProps) {
  const { minimum, maximum, type } = fieldSchema(props) as {
    minimum?: number
    maximum?: number
    type?: string
  }
  return (
    <NumberInput
      {...wording(props)}
      value={typeof props.value === 'number' ? props.value : String(props.value ?? '')}
      // What is not a number yet is kept as it is typed, and named in the checklist.
      onChange={value => props.onChange(value === '' ? undefined : value)}
      min={minimum}
      max={maximum}
      clampBehavior="none"
      allowDecimal={type !== 'integer'}
      inputMode={type === 'integer' ? 'numeric' : 'decimal'}
    />
  )
}

/** A choice. The browser's own select: it works with every keyboard and on every phone. */
export function ChoiceField(props: FieldWidgetProps) {
  const choices = props.options.enumOptions ?? []
  const field = fieldSchema(props)
  const value = props.value ?? field['x-default']
  const chosen = choices.findIndex(choice => choice.value === value)
  const { placeholder: _placeholder, ...words } = wording(props)
  return (
    <NativeSelect
      {...words}
      rightSection={<IconChevronDown size={16} stroke={1.75} aria-hidden />}
      rightSectionPointerEvents="none"
      value={chosen < 0 ? '' : String(chosen)}
      onChange={event => props.onChange(choices[Number(event.currentTarget.value)]?.value)}
    >
      {chosen < 0 && <option value="">Choose…</option>}
      {choices.map((choice, index) => (
        <option key={String(choice.value)} value={index}>
          {choice.label}
        </option>
      ))}
    </NativeSelect>
  )
}

export function SwitchField(props: FieldWidgetProps) {
  const { placeholder: _placeholder, withAsterisk: _asterisk, ...words } = wording(props)
  const field = fieldSchema(props)
  return (
    <Checkbox
      {...words}
      checked={Boolean(props.value ?? field['x-default'] ?? false)}
      onChange={event => props.onChange(event.currentTarget.checked)}
    />
  )
}
