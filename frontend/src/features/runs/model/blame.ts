import type { RunState } from './state'

/** The setting whose value a failure's words quote, such as a column that is not there. */
export function quotedSetting(params: Record<string, unknown>, message: string): string | null {
  const isQuoted = (value: unknown) =>
    typeof value === 'string' && value !== '' && message.includes(`“${value}”`)
  const found = Object.entries(params).find(([, value]) =>
    Array.isArray(value) ? value.some(isQuoted) : isQuoted(value),
  )
  return found?.[0] ?? null
}

/** Where a step's setting can be changed. */
export function settingAddress(workflow: string, node: string, field: string | null): string {
  const query = new URLSearchParams(field === null ? { node } : { node, field })
  return `/workflows/${workflow}?${query}`
}

/** Where a pipe's rule can be changed. */
export function ruleAddress(workflow: string, edge: string): string {
  return `/workflows/${workflow}?${new URLSearchParams({ pipe: edge })}`
}

/** The step because of which others that worked together with it were stopped. */
export function culpritOf(state: RunState, node: string): string | null {
  const failed = state.order.find(
    other =>
      other !== node &&
      state.steps[other]?.status === 'failed' &&
      state.steps[other].failure?.kind !== 'together',
  )
  return failed ?? null
}
