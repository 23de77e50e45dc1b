import { Validator } from '@cfworker/json-schema'
import type { Graph, GraphNode, Problem, Step } from '@/api/types'
import { number, plural } from '@/lib/format'
import { isMissing, isShown, type Params, type Schema } from '@/lib/schema'
import { isConditional } from '@/lib/ways'
import { incoming } from './graph'
import { siblings } from './pipes'
import { isElse, missingInRule } from './rules'

type Steps = ReadonlyMap<string, Step>

function label(name: string, field: Schema): string {
  return field.title ?? name
}

/** Why a value does not do, in words for the person who typed it. */
function complaint(name: string, field: Schema, value: unknown): string {
  const title = label(name, field)
  if (field.type === 'integer' && !Number.isInteger(value)) return `“${title}” must be a whole number`
  if (field.type === 'number' && typeof value !== 'number') return `“${title}” must be a number`
  const { minimum, maximum, minLength, maxLength, pattern } = field as Record<string, unknown>
  if (typeof value === 'number' && typeof minimum === 'number' && value < minimum) {
    return `“${title}” must be ${number(minimum)} or more`
  }
  if (typeof value === 'number' && typeof maximum === 'number' && value > maximum) {
    return `“${title}” must be ${number(maximum)} or less`
  }
  if (typeof value === 'string' && typeof minLength === 'number' && value.length < minLength) {
    return `“${title}” must have at least ${plural(minLength, 'character')}`
  }
  if (typeof value === 'string' && typeof maxLength === 'number' && value.length > maxLength) {
    return `“${title}” must have at most ${plural(maxLength, 'character')}`
  }
  if (typeof value === 'string' && typeof pattern === 'string')
    return `“${title}” does not have the right form`
  if (field.oneOf || field.enum) return `Choose one of the values of “${title}”`
  return `“${title}” cannot have this value`
}

const validators = new WeakMap<Schema, Validator>()

function fitsSchema(field: Schema, value: unknown): boolean {
  let validator = validators.get(field)
  if (!validator) {
    validator = new Validator(field as ConstructorParameters<typeof Validator>[0], '2020-12')
    validators.set(field, validator)
  }
  return validator.validate(value).valid
}

/** What is missing or wrong in one step's settings. */
export function settingProblems(node: GraphNode, step: Step): Problem[] {
  const schema = step.params as Schema
  const params = node.params as Params
  const found: Problem[] = []
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    if (!isShown(field, params, schema)) continue
    const value = params[name]
    const needed = schema.required?.includes(name) || field['x-ask'] !== undefined
    if (isMissing(field, value ?? field.default)) {
      if (needed) found.push(problem(node.id, name, field['x-ask'] ?? `Fill in “${label(name, field)}”`))
    } else if (
      value !== undefined &&
      value !== null &&
      (value !== '' || needed) &&
      !fitsSchema(field, value)
    ) {
      found.push(problem(node.id, name, complaint(name, field, value)))
    }
  }
  return found
}

function problem(
  node: string | null,
  field: string | null,
  message: string,
  edge: string | null = null,
): Problem {
  return { node, edge, field, message }
}

/** A way that is taken by a rule, or when something failed, is a signal even to what takes no data. */
function flowProblems(graph: Graph, node: GraphNode, step: Step, steps: Steps): Problem[] {
  const found: Problem[] = []
  for (const pipe of incoming(graph, node.id)) {
    const source = graph.nodes.find(other => other.id === pipe.source)
    const before = source && steps.get(source.step)
    if (!before || isConditional(pipe)) continue
    if (step.takes === 'nothing' && (pipe.input ?? 'stdin') === 'stdin') {
      const message = `“${step.title}” takes no input, so no pipe can lead into it. Make it the first step.`
      found.push(problem(node.id, 'input', message, pipe.id))
    } else if (before.gives === 'nothing' && (pipe.output ?? 'stdout') === 'stdout') {
      const message = `“${before.title}” gives nothing on, so “${step.title}” would get no data.`
      found.push(problem(node.id, 'input', message, pipe.id))
    }
  }
  return found
}

/** Rules that are not written to their end, and an “otherwise” that has nothing beside it. */
function ruleProblems(graph: Graph): Problem[] {
  const found: Problem[] = []
  for (const pipe of graph.edges) {
    const missing = missingInRule(pipe.rule)
    if (missing) found.push(problem(pipe.source, 'rule', missing, pipe.id))
    if (!isElse(pipe.rule)) continue
    const beside = siblings(graph, pipe).filter(
      edge => edge.rule && (edge.when ?? 'success') === (pipe.when ?? 'success'),
    )
    const before = graph.edges.slice(0, graph.edges.indexOf(pipe))
    if (!beside.some(edge => !isElse(edge.rule))) {
      const message = '“Otherwise” needs another way with a rule beside it. Add one, or remove this rule.'
      found.push(problem(pipe.source, 'rule', message, pipe.id))
    } else if (beside.some(edge => isElse(edge.rule) && before.includes(edge))) {
      const message = 'Only one way can be “otherwise”. Give this one a rule of its own.'
      found.push(problem(pipe.source, 'rule', message, pipe.id))
    }
  }
  return found
}

/** Everything that keeps the workflow from being run, as far as this browser can tell. */
export function localProblems(graph: Graph, steps: Steps): Problem[] {
  if (graph.nodes.length === 0) return [problem(null, null, 'There is nothing to run yet. Add a step.')]
  const inSteps = graph.nodes.flatMap(node => {
    const step = steps.get(node.step)
    if (!step) {
      return [problem(node.id, 'step', `The library has no step “${node.step}”. Choose another one.`)]
    }
    return [...flowProblems(graph, node, step, steps), ...settingProblems(node, step)]
  })
  return [...inSteps, ...ruleProblems(graph)]
}

/**
 * What the server said last. Of a document that was changed since then, it holds until the next answer for the steps
 * and pipes that are still there: what is to fix does not come and go with every letter.
 */
export function heldOver(entries: readonly Problem[], graph: Graph): readonly Problem[] {
  const isThere = ({ node, edge }: Problem) =>
    edge
      ? graph.edges.some(each => each.id === edge)
      : node === null || graph.nodes.some(each => each.id === node)
  return entries.filter(isThere)
}

/** All that keeps a document from being run, as far as this browser and the server have looked. */
export function knownProblems(graph: Graph, steps: Steps, told: readonly Problem[]): Problem[] {
  return steps.size === 0 ? [] : merged(localProblems(graph, steps), heldOver(told, graph))
}

/** Our own findings and those of the server, each place named once. */
export function merged(local: readonly Problem[], server: readonly Problem[]): Problem[] {
  // What is said of a rule is said once of it, whichever of its parts is meant.
  const field = (entry: Problem) => (entry.edge ? entry.field?.split('.')[0] : entry.field) ?? ''
  const place = (entry: Problem) =>
    `${entry.edge ? `pipe ${entry.edge}` : (entry.node ?? '')}:${field(entry)}`
  const known = new Set(local.map(place))
  return [...local, ...server.filter(entry => !known.has(place(entry)))]
}
