import type { Step } from '@/api/types'
import { isShown, type Params, type Schema } from './schema'

/** A piece of the sentence under a step's title; settings stand out. */
export interface Piece {
  text: string
  strong: boolean
}

type SaysStep = Pick<Step, 'says' | 'summary'> & { params: unknown }

function choiceTitle(field: Schema, value: unknown): string | null {
  for (const choice of field.oneOf ?? []) {
    if (choice.const === value && choice.title) return choice.title
  }
  return null
}

function written(schema: Schema, params: Params, name: string): string {
  const field = schema.properties?.[name]
  if (field && !isShown(field, params, schema)) return ''
  const value = params[name] ?? field?.default
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.join(', ')
  if (typeof value === 'object') return JSON.stringify(value)
  return (field && choiceTitle(field, value)) ?? String(value)
}

/** The sentence a step says about its settings: `where **{column}** {test} **{value}**`, filled in. */
export function says(step: SaysStep, params: Params): Piece[] {
  const schema = step.params as Schema
  const template = step.says || step.summary
  const pieces: Piece[] = []
  template.split('**').forEach((part, index) => {
    const text = part.replace(/\{([\w-]+)\}/g, (_, name: string) => written(schema, params, name))
    if (text !== '') pieces.push({ text, strong: index % 2 === 1 })
  })
  return tidy(pieces)
}

/** Settings left empty leave no doubled spaces behind. */
function tidy(pieces: Piece[]): Piece[] {
  const found: Piece[] = []
  for (const piece of pieces) {
    let text = piece.text.replace(/\s+/g, ' ')
    if ((found.at(-1)?.text.endsWith(' ') ?? true) && text.startsWith(' ')) text = text.slice(1)
    if (text !== '') found.push({ ...piece, text })
  }
  return found
}
