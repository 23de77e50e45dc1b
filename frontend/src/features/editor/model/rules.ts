import type { Condition, Rule, RuleTest } from '@/api/types'

/** Rules while they are written, and what is missing in them. */

export const TESTS: { value: RuleTest; label: string }[] = [
  { value: 'is', label: 'is' },
  { value: 'is not', label: 'is not' },
  { value: 'contains', label: 'contains' },
  { value: 'greater', label: 'is greater than' },
  { value: 'less', label: 'is less than' },
  { value: 'is empty', label: 'is empty' },
  { value: 'matches', label: 'fits the pattern' },
]

/** What a rule can look at in any data, as the rule names it and as a person does. */
export const ANY_DATA: { field: string; label: string }[] = [
  { field: 'text', label: 'the text' },
  { field: 'bytes', label: 'the number of bytes' },
  { field: 'exit code', label: 'the exit code' },
]

/** What does not explain itself. */
export const EXIT_CODE_HELP = 'The number that the step ended with: 0 means that it went well.'
export const PATTERN_HELP =
  'A regular expression, found anywhere in it: ^[A-Z]{2} is two capital letters at the beginning, \\.pdf$ is .pdf at the end.'

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)$/
const DATE = /^\d{4}-\d{2}-\d{2}([T ][0-9:.]+(Z|[+-][0-9:]+)?)?$/

export function conditionsOf(rule: Rule | undefined): Condition[] {
  if (!rule || 'else' in rule) return []
  return 'all' in rule ? rule.all : rule.any
}

export function isElse(rule: Rule | undefined): boolean {
  return rule !== undefined && 'else' in rule
}

export function withConditions(rule: Rule | undefined, conditions: Condition[]): Rule {
  return rule && 'any' in rule ? { any: conditions } : { all: conditions }
}

/** A condition with another test; “is empty” needs no value, all others do, and not all of them a number. */
export function withTest(condition: Condition, test: RuleTest): Condition {
  const { value, ...rest } = condition
  return test === 'is empty'
    ? { ...rest, test }
    : { ...rest, test, value: typedValue(String(value ?? ''), test) }
}

/** What is typed for a value: a number where numbers are compared, else the text as it is. */
export function typedValue(text: string, test: RuleTest): string | number {
  const compares = test === 'greater' || test === 'less'
  return compares && String(Number(text)) === text ? Number(text) : text
}

/** What is still to be said in a condition; null if nothing is. */
export function missingIn({ field, test, value }: Condition): string | null {
  if (field.trim() === '') return 'Say what the rule looks at'
  if (test === 'is empty') return null
  const text = String(value ?? '').trim()
  if (text === '') return test === 'is not' ? null : `Say what “${field}” is compared with`
  if ((test === 'greater' || test === 'less') && !NUMBER.test(text) && !DATE.test(text)) {
    return `“${text}” is no number such as 1284.50, and no date such as 2024-05-31`
  }
  return null
}

export function missingInRule(rule: Rule | undefined): string | null {
  if (!rule || 'else' in rule) return null
  const conditions = conditionsOf(rule)
  if (conditions.length === 0) return 'Say when this way is taken'
  return conditions.map(missingIn).find(words => words !== null) ?? null
}
