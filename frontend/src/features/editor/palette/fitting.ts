import type { Step } from '@/api/types'
import { misfit } from '../model/kinds'

const FEW = 4
const MOST = 6

/** What leaves the data the kind that it is comes first; what only programs read comes last. */
function distance(step: Step, kind: string): number {
  if (step.gives === kind) return 0
  return step.gives === 'json' || step.gives === 'jsonl' ? 2 : 1
}

/**
 * The steps that suit this kind of data best, behind the step `before`: all that are made for it, as far as they can be
 * taken in at a glance, and some others where those are few.
 */
export function fittingSteps(all: readonly Step[], kind: string, before: string | null): Step[] {
  if (kind === 'nothing' || kind === 'any') return []
  const inOrder = (steps: Step[]) => steps.sort((a, b) => distance(a, kind) - distance(b, kind))
  const fitting = all.filter(step => misfit(kind, step) === null)
  const made = inOrder(fitting.filter(step => step.takes === kind)).slice(0, MOST)
  const others = inOrder(fitting.filter(step => step.takes !== kind && step.takes !== 'any'))
  const whatever = inOrder(fitting.filter(step => step.takes !== kind && step.takes === 'any'))
  const found = [...made, ...[...others, ...whatever].slice(0, Math.max(0, FEW - made.length))]
  // Hardly anybody does the same thing twice in a row.
  return [...found.filter(step => step.slug !== before), ...found.filter(step => step.slug === before)]
}
