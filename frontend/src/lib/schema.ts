/** The part of JSON Schema that step settings are written in, with the extra keys for forms. */
export interface Schema {
  type?: string
  title?: string
  description?: string
  default?: unknown
  const?: unknown
  enum?: unknown[]
  oneOf?: Schema[]
  properties?: Record<string, Schema>
  items?: Schema
  required?: string[]
  minLength?: number
  'x-widget'?: 'textarea' | 'column' | 'columns'
  'x-placeholder'?: string
  'x-more'?: boolean
  'x-half'?: boolean
  'x-ask'?: string
  'x-show'?: Record<string, unknown[]>
  [key: string]: unknown
}

export type Params = Record<string, unknown>

/** Whether a field takes part, given what the fields it depends on hold (`x-show`). */
export function isShown(field: Schema, params: Params, schema: Schema): boolean {
  return Object.entries(field['x-show'] ?? {}).every(([name, values]) =>
    values.includes(params[name] ?? schema.properties?.[name]?.default),
  )
}

/** The settings a step starts with when it is put into a workflow. */
export function defaults(schema: Schema): Params {
  const found: Params = {}
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    if (field.default !== undefined) found[name] = field.default
  }
  return found
}

/** Whether a required value counts as missing: absent, null, or an empty text or list where those will not do. */
export function isMissing(field: Schema, value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (value === '') return (field.minLength ?? 0) > 0
  return Array.isArray(value) && value.length === 0 && Number(field.minItems ?? 0) > 0
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Whether two sets of settings mean the same; the order of their names does not matter. */
export function sameSettings(one: unknown, other: unknown): boolean {
  return JSON.stringify(one, sortedKeys) === JSON.stringify(other, sortedKeys)
}
