import type { Condition, GraphEdge, Rule } from '@/api/types'
import { number } from './format'

/** Pipes and their rules as a person would say them; the same words as the server's. */

const RESERVED: Record<string, string> = {
  text: 'the text',
  bytes: 'the number of bytes',
  'exit code': 'the exit code',
}
const VERBS: Record<string, string> = { greater: 'is greater than', less: 'is less than' }

export function fieldWords(field: string): string {
  return RESERVED[field] ?? field
}

function valueWords({ test, value }: Condition): string {
  if (value === undefined || value === null || value === '') return '…'
  const compared = test in VERBS || typeof value === 'number'
  if (compared && /^-?\d+(\.\d+)?$/.test(String(value)) && String(value).length < 15) {
    const decimals = String(value).split('.')[1]?.length ?? 0
    return Number(value).toLocaleString('en', { minimumFractionDigits: decimals })
  }
  const text = String(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

function conditionWords(condition: Condition): string {
  const field = condition.field === '' ? '…' : fieldWords(condition.field)
  if (condition.test === 'is empty') return `${field} is empty`
  return `${field} ${VERBS[condition.test] ?? condition.test} ${valueWords(condition)}`
}

/** “total is greater than 1,000 and city is Berlin”, “otherwise”. */
export function ruleWords(rule: Rule): string {
  if ('else' in rule) return 'otherwise'
  const [conditions, word] = 'all' in rule ? [rule.all, ' and '] : [rule.any, ' or ']
  return conditions.map(conditionWords).join(word) || '…'
}

/** Whether anything has to be so for a way to be taken. */
export function isConditional(edge: GraphEdge): boolean {
  return edge.rule !== undefined || (edge.when ?? 'success') !== 'success'
}

/** Whether both its steps are to work at once. */
export function isStream(edge: GraphEdge): boolean {
  return edge.mode !== undefined && edge.mode !== 'keep'
}

/** On the pipe itself: “total is greater than 1,000”, “if it fails”; null where it is simply taken. */
export function shortWords(edge: GraphEdge): string | null {
  const ended = { success: null, failure: 'if it fails', always: 'in any case' }[edge.when ?? 'success']
  const rule = edge.rule ? ruleWords(edge.rule) : null
  return [ended, rule].filter(Boolean).join(', ') || null
}

/** As a heading over what follows: “If total is greater than 1,000”, “Otherwise”, “If Fetch fails”. */
export function headingWords(edge: GraphEdge, source: string): string {
  const when = edge.when ?? 'success'
  const rule = edge.rule && !('else' in edge.rule) ? ruleWords(edge.rule) : null
  const otherwise = edge.rule && 'else' in edge.rule
  if (when === 'success') {
    if (otherwise) return 'Otherwise'
    return rule ? `If ${rule}` : `Then, from ${source}`
  }
  const ended = when === 'failure' ? `If ${source} fails` : `Whether ${source} goes well or fails`
  if (otherwise) return `${ended}, and otherwise`
  return rule ? `${ended}, and ${rule}` : ended
}

/** Over a step that several ways lead into. */
export function joinWords(join: 'all' | 'any' | undefined): string {
  return join === 'any' ? 'Then, from whichever of these is taken' : 'Then, from all of these'
}

/** “A”, “A and B”, “A, B and 3 more”. */
export function listWords(names: readonly string[], most = 3): string {
  if (names.length > most) {
    return `${names.slice(0, most - 1).join(', ')} and ${number(names.length - most + 1)} more`
  }
  const last = names.at(-1) ?? ''
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : last
}
