import type { Step } from '@/api/types'
import { CATEGORIES } from './categories'

/** Words that say nothing about what somebody looks for. */
const FILLERS = new Set([
  'a',
  'an',
  'the',
  'to',
  'of',
  'my',
  'me',
  'it',
  'in',
  'on',
  'and',
  'with',
  'into',
  'make',
])

function words(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')
}

/** “graphs” also finds “graph”. */
function stem(word: string): string {
  return word.length > 4 ? word.replace(/(ing|ers|er|es|s)$/, '') : word
}

/** What is said by its stem alone weighs less: who asks for “only paid orders” does not want them put in order. */
const STEM_ONLY = 0.5

function score(step: Step, asked: string): number {
  const wanted = stem(asked)
  const at = (text: string, value: number) => {
    const said = words(text)
    if (said.some(word => word.startsWith(asked))) return value
    return said.some(word => word.startsWith(wanted)) ? value * STEM_ONLY : 0
  }
  return (
    at(step.title, 8) +
    at(step.slug, 4) +
    at(step.tags.join(' '), 5) +
    at(step.summary, 2) +
    at(step.category, 1)
  )
}

/** Steps for what a person types, the best first. Words that nothing matches are overlooked while others match. */
export function searchSteps(steps: readonly Step[], query: string): Step[] {
  const asked = words(query)
  if (asked.length === 0) return [...steps]
  const telling = asked.filter(word => !FILLERS.has(word))
  const wanted = telling.length > 0 ? telling : asked
  const found = steps.map(step => {
    const scores = wanted.map(word => score(step, word))
    return { step, hits: scores.filter(value => value > 0).length, sum: scores.reduce((a, b) => a + b, 0) }
  })
  return found
    .filter(entry => entry.hits > 0)
    .sort((a, b) => b.hits - a.hits || b.sum - a.sum || a.step.title.localeCompare(b.step.title))
    .map(entry => entry.step)
}

/** Steps by category, in the order of the library; empty categories left out. */
export function byCategory(steps: readonly Step[]): { category: string; steps: Step[] }[] {
  const names = [...new Set([...CATEGORIES, ...steps.map(step => step.category)])]
  return names
    .map(category => ({ category, steps: steps.filter(step => step.category === category) }))
    .filter(group => group.steps.length > 0)
}
