import type { Condition, Graph, GraphEdge, Problem, Rule } from '@/api/types'
import type { WorkflowDraft } from '@/api/workflows'
import type { Document } from './changes'
import { conditionsOf, isElse, missingIn, withConditions } from './rules'

/** What of a document can be saved at any moment, whatever is half written in it. */

export interface Refusal {
  message: string
  /** Which part of a condition it is about, as the server names it: `field`, `test` or `value`. */
  part: string | undefined
}

/** What the server would not have of rules, by what they say: once refused, it is not sent again. */
export type Refusals = ReadonlyMap<string, Refusal>

const NONE: Refusals = new Map()
const UNTITLED = 'Untitled workflow'

function key({ field, test, value }: Condition): string {
  return JSON.stringify([field, test, value])
}

/** A rule as a whole, for what is wrong with none of its conditions alone. */
function keyOfAll(rule: Rule): string {
  return `rule ${conditionsOf(rule).map(key).join()}`
}

/** A condition that hardly ever holds: nothing goes a way that nobody has decided on yet. */
function standIn(field = ''): Condition {
  return { field: field.trim() || 'text', test: 'is', value: '' }
}

/** The rule with stand-ins for what is half written or was refused; the very same one where nothing is. */
function fitting(rule: Rule, refusals: Refusals): Rule {
  if (isElse(rule)) return rule
  const written = conditionsOf(rule)
  if (written.length === 0 || refusals.has(keyOfAll(rule))) return withConditions(rule, [standIn()])
  const fit = written.map(each => {
    const refusal = refusals.get(key(each))
    if (!refusal && missingIn(each) === null) return each
    const stand = standIn(refusal?.part === 'field' ? '' : each.field)
    return key(stand) === key(each) ? each : stand
  })
  return fit.every((each, at) => each === written[at]) ? rule : withConditions(rule, fit)
}

function withRules(graph: Graph, change: (rule: Rule) => Rule): Graph {
  const edges = graph.edges.map((edge): GraphEdge => {
    const rule = edge.rule && change(edge.rule)
    return rule === edge.rule ? edge : { ...edge, rule }
  })
  return edges.every((edge, at) => edge === graph.edges[at]) ? graph : { ...graph, edges }
}

/** The graph with nothing in it that cannot be saved; the very same one where all of it can. */
export function sendable(graph: Graph, refusals: Refusals = NONE): Graph {
  return withRules(graph, rule => fitting(rule, refusals))
}

function trimmed(rule: Rule): Rule {
  const conditions = conditionsOf(rule)
  if (conditions.every(each => each.field === each.field.trim())) return rule
  const fields = conditions.map(each => ({ ...each, field: each.field.trim() }))
  return withConditions(rule, fields)
}

/** A document as the server has it once it is saved. */
export function asSaved(document: Document, refusals: Refusals = NONE): Document {
  const graph = withRules(sendable(document.graph, refusals), trimmed)
  return { ...document, name: document.name.trim() || UNTITLED, graph }
}

/** Only what differs from what the server has. */
export function difference(before: Document, after: Document, refusals?: Refusals): WorkflowDraft {
  const draft: WorkflowDraft = {}
  const fit = asSaved(after, refusals)
  if (before.name !== after.name) draft.name = fit.name
  if (before.description !== after.description) draft.description = after.description
  if (before.input !== after.input) draft.input = after.input
  if (before.graph !== after.graph) draft.graph = fit.graph
  return draft
}

/** What is known of refusals, and what an answer adds to it about the rules of the graph that was to be saved. */
export function learned(known: Refusals, problems: readonly Problem[], graph: Graph): Refusals {
  const found = new Map(known)
  for (const { edge, field, message } of problems) {
    const [name, , at, part] = (field ?? '').split('.')
    const rule = graph.edges.find(each => each.id === edge)?.rule
    if (name !== 'rule' || !rule) continue
    const condition = at === undefined ? undefined : conditionsOf(rule)[Number(at)]
    const place = condition ? key(condition) : keyOfAll(rule)
    // With another field it may still be refused; with this one it is.
    if (found.get(place)?.part === 'field') continue
    const words = message.replace(/^“value”/, `“${condition?.value ?? ''}”`)
    found.set(place, { message: words, part })
  }
  return found
}

/** What was refused of the rules of a graph, each said of the field where it is mended. */
export function refusedIn(graph: Graph, refusals: Refusals): Problem[] {
  return graph.edges.flatMap(({ id, source, rule }) => {
    if (!rule || isElse(rule)) return []
    const how = 'any' in rule ? 'any' : 'all'
    const said = (field: string, refusal: Refusal | undefined): Problem[] =>
      refusal ? [{ node: source, edge: id, field, message: refusal.message }] : []
    return [
      ...said('rule', refusals.get(keyOfAll(rule))),
      ...conditionsOf(rule).flatMap((each, at) => said(`rule.${how}.${at}`, refusals.get(key(each)))),
    ]
  })
}
