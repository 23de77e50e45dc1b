import type { Graph, GraphEdge, Step, WorkflowInput } from '@/api/types'
import { looksLikeTable } from '@/lib/csv'
import { fits, kindWord } from '@/lib/kinds'
import { isConditional } from '@/lib/ways'
import { findNode } from './graph'

const BY_ENDING: Record<string, string> = {
  csv: 'csv',
  tsv: 'csv',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  html: 'html',
  htm: 'html',
  txt: 'lines',
  log: 'lines',
  md: 'text',
  pdf: 'pdf',
  png: 'image',
  jpg: 'image',
  jpeg: 'image',
}

/** What kind of data the run's input is, as far as its name or its text tells. */
export function inputKind(input: WorkflowInput): string {
  if (input.kind === 'none') return 'nothing'
  if (input.kind === 'text') return looksLikeTable(input.sample) ? 'csv' : 'lines'
  const ending = (input.name ?? '').split('.').at(-1)?.toLowerCase() ?? ''
  return BY_ENDING[ending] ?? 'any'
}

interface Flow {
  graph: Graph
  input: WorkflowInput
  steps: ReadonlyMap<string, Step>
}

/** The kind of data at a place of the list: what the card above gives, or the input's. */
export function kindAfter(flow: Flow, after: string | null): string {
  if (after === null) return inputKind(flow.input)
  const node = findNode(flow.graph, after)
  return (node && flow.steps.get(node.step)?.gives) ?? 'any'
}

/** Why a step has no use for what arrives; null if it has. */
export function misfit(gives: string, step: Pick<Step, 'title' | 'takes'>): string | null {
  if (step.takes === 'nothing')
    return gives === 'nothing' ? null : 'reads nothing, so it belongs at the start'
  if (gives === 'nothing') return `needs ${phrase(step.takes)}, but nothing arrives here`
  if (fits(gives, step.takes)) return null
  const arrive = ['lines', 'jsonl'].includes(gives) ? 'arrive' : 'arrives'
  return `takes ${phrase(step.takes)}, but ${phrase(gives)} ${arrive} here`
}

function phrase(kind: string): string {
  const word = kindWord(kind)
  if (kind === 'any') return 'anything'
  const lower = /^[A-Z]{2}/.test(word) ? word : word.toLowerCase()
  return ['csv', 'html', 'image', 'pdf'].includes(kind) ? `a ${lower}` : lower
}

/** The kind of data in a pipe: what comes out of that output of its source. */
export function kindOfPipe(flow: Flow, pipe: GraphEdge): string {
  const node = findNode(flow.graph, pipe.source)
  const step = node && flow.steps.get(node.step)
  if (pipe.output === undefined) return step?.gives ?? 'any'
  return step?.outputs.find(output => output.name === pipe.output)?.gives ?? 'any'
}

/** Why a pipe's data is of no use to the step it leads into; null if it is, or if it only gives the sign to begin. */
export function misfitOfPipe(flow: Flow, pipe: GraphEdge): string | null {
  const node = findNode(flow.graph, pipe.target)
  const step = node && flow.steps.get(node.step)
  if (!step || (isConditional(pipe) && step.takes === 'nothing')) return null
  const input = step.inputs.find(each => each.name === pipe.input)
  const takes = input?.takes ?? step.takes
  const words = misfit(kindOfPipe(flow, pipe), { title: step.title, takes: takes as Step['takes'] })
  return words && `“${step.title}” ${words}`
}
