import { Autocomplete, CloseButton, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Condition, RuleTest } from '@/api/types'
import {
  ANY_DATA,
  EXIT_CODE_HELP,
  missingIn,
  PATTERN_HELP,
  TESTS,
  typedValue,
  withTest,
} from '../model/rules'
import classes from './PipePanel.module.css'

interface Props {
  number: number
  condition: Condition
  /** The columns that are known to arrive. */
  columns: readonly string[]
  /** Why the server would not have it. */
  refusal: string | undefined
  onChange: (condition: Condition) => void
  onRemove: () => void
}

const LABELS = new Map(ANY_DATA.map(({ field, label }) => [field, label]))
const FIELDS = new Map(ANY_DATA.map(({ field, label }) => [label, field]))

/** “total · is greater than · 1,000”: one test of one value. */
export function ConditionField({ number, condition, columns, refusal, onChange, onRemove }: Props) {
  const { field, test, value } = condition
  // What is wrong is said once somebody has been there.
  const [left, setLeft] = useState(false)
  const missing = missingIn(condition)
  const named = [...new Set(columns)].filter(column => !LABELS.has(column) && !FIELDS.has(column))
  const choices = [
    ...(named.length > 0 ? [{ group: 'Columns', items: named }] : []),
    { group: 'Of any data', items: [...FIELDS.keys()] },
  ]
  const name = (what: string) => (number > 1 ? `${what} of condition ${number}` : what)
  return (
    <div className={classes.condition} data-missing={missing !== null || refusal !== undefined || undefined}>
      <div className={classes.line}>
        <Autocomplete
          aria-label={name('What the rule looks at')}
          placeholder="Column, such as total"
          data={choices}
          value={LABELS.get(field) ?? field}
          description={field === 'exit code' && EXIT_CODE_HELP}
          inputWrapperOrder={['input', 'description']}
          onChange={text => onChange({ ...condition, field: FIELDS.get(text) ?? text })}
          // All of them to choose from, also while one is chosen.
          filter={({ options }) => options}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
        />
        <CloseButton aria-label={`Remove condition ${number}`} onClick={onRemove} />
      </div>
      <Select
        aria-label={name('Test')}
        data={TESTS}
        value={test}
        onChange={next => onChange(withTest(condition, (next ?? 'is') as RuleTest))}
        allowDeselect={false}
      />
      {test !== 'is empty' && (
        <TextInput
          aria-label={name('Compared with')}
          placeholder={test === 'greater' || test === 'less' ? 'Number or date, such as 1000' : 'Value'}
          value={String(value ?? '')}
          error={refusal ?? (left && missing)}
          description={test === 'matches' && PATTERN_HELP}
          inputWrapperOrder={['input', 'error', 'description']}
          onBlur={() => setLeft(true)}
          onChange={event => onChange({ ...condition, value: typedValue(event.currentTarget.value, test) })}
          maxLength={10_000}
          autoComplete="off"
        />
      )}
    </div>
  )
}
