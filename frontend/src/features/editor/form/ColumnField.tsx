import { Autocomplete, TagsInput } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useState } from 'react'
import { type FieldWidgetProps, type FormContext, fieldSchema, textValue, wording } from './context'

function columnsHint(columns: readonly string[]): string {
  return columns.length > 0
    ? `Columns that arrive here: ${columns.join(', ')}`
    : 'Which columns arrive here is not known yet. Type the name, or choose it after the first run.'
}

/** The same where there is room for a few words only. */
function shortHint(columns: readonly string[]): string | undefined {
  return columns.length > 0 ? undefined : 'Not known yet: type its name'
}

/** No complaint, only a hint: the next run may be given another table. */
function strangerHint({ columns, sure }: FormContext, chosen: readonly string[]): string | undefined {
  if (!sure || columns.length === 0) return undefined
  const stranger = chosen.find(name => name !== '' && !columns.includes(name))
  return stranger && `No “${stranger}” among the columns that arrive here: ${columns.join(', ')}`
}

/** One column of the table that arrives; any other name may be typed, for a table nobody has seen yet. */
export function ColumnField(props: FieldWidgetProps) {
  const { columns } = props.registry.formContext
  const field = fieldSchema(props)
  const words = wording(props)
  const half = field['x-half'] === true
  const value = String(props.value ?? '')
  // Only what is typed now narrows the list: a name that stands there and is wrong would hide all the right ones.
  const [typed, setTyped] = useState(false)
  return (
    <Autocomplete
      {...words}
      placeholder={words.placeholder ?? (columns.length > 0 ? 'Choose or type' : 'Column name')}
      description={
        strangerHint(props.registry.formContext, [value]) ??
        words.description ??
        (half ? shortHint(columns) : columnsHint(columns))
      }
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      data={[...new Set(columns)]}
      value={value}
      onFocus={() => setTyped(false)}
      onOptionSubmit={() => setTyped(false)}
      onChange={text => {
        setTyped(true)
        props.onChange(textValue(text, field))
      }}
      // All columns to choose from, also while one is chosen.
      filter={({ options, search }) =>
        typed && !columns.includes(search) ? narrowed(options, search) : options
      }
      rightSection={columns.length > 0 && <IconChevronDown size={16} stroke={1.75} aria-hidden />}
      rightSectionPointerEvents="none"
      autoComplete="off"
      spellCheck={false}
    />
  )
}

function narrowed<T>(options: T[], search: string): T[] {
  const wanted = search.trim().toLowerCase()
  return options.filter(option => {
    const { label } = option as { label?: string }
    return label?.toLowerCase().includes(wanted)
  })
}

/** Several columns, in an order. */
export function ColumnsField(props: FieldWidgetProps) {
  const { columns } = props.registry.formContext
  const words = wording(props)
  const value = Array.isArray(props.value) ? props.value.map(String) : []
  return (
    <TagsInput
      {...words}
      placeholder={value.length === 0 ? (words.placeholder ?? 'Choose or type') : undefined}
      description={
        strangerHint(props.registry.formContext, value) ?? words.description ?? columnsHint(columns)
      }
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      data={[...new Set(columns)]}
      value={value}
      onChange={names => props.onChange(names)}
      splitChars={[',', ';']}
      acceptValueOnBlur
    />
  )
}
