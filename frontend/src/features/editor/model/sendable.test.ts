import { describe, expect, test } from 'vitest'
import type { Condition, Graph, Problem } from '@/api/types'
import { graphOf } from '@/test/graphOf'
import type { Document } from './changes'
import { asSaved, difference, learned, refusedIn, sendable } from './sendable'

const condition = (about: Partial<Condition>): Condition => ({
  field: 'total',
  test: 'is',
  value: '5',
  ...about,
})
const ruled = (conditions: Condition[]): Graph => {
  const graph = graphOf('a>b a>c')
  return {
    ...graph,
    edges: graph.edges.map((edge, at) => (at === 0 ? { ...edge, rule: { any: conditions } } : edge)),
  }
}
const saying = (field: string, message: string): Problem => ({ node: null, edge: '0', field, message })

describe('a rule', () => {
  test('that is written to its end is saved as it is', () => {
    const graph = ruled([condition({})])
    expect(sendable(graph)).toBe(graph)
  })

  test('that is half written is saved as one that hardly ever holds', () => {
    const graph = ruled([condition({}), condition({ test: 'greater', value: '' })])
    expect(sendable(graph).edges[0]?.rule).toEqual({
      any: [condition({}), { field: 'total', test: 'is', value: '' }],
    })
    expect(sendable(graph).edges[1]).toBe(graph.edges[1])
    expect(sendable(ruled([])).edges[0]?.rule).toEqual({ any: [{ field: 'text', test: 'is', value: '' }] })
  })
})

describe('what the server refused of a rule', () => {
  const open = condition({ test: 'matches', value: '(' })
  const graph = ruled([condition({}), open])
  const known = learned(new Map(), [saying('rule.any.1.value', '“value” cannot be read: missing ).')], graph)

  test('is left out, and only that', () => {
    expect(sendable(graph, known).edges[0]?.rule).toEqual({
      any: [condition({}), { field: 'total', test: 'is', value: '' }],
    })
    expect(sendable(ruled([condition({})]), known)).toEqual(ruled([condition({})]))
  })

  test('is said of the very condition, with what was typed there', () => {
    const message = '“(” cannot be read: missing ).'
    expect(refusedIn(graph, known)).toEqual([{ node: 'a', edge: '0', field: 'rule.any.1', message }])
    expect(refusedIn(ruled([{ ...open, value: '()' }]), known)).toEqual([])
  })

  test('takes its field with it, if that is what is wrong', () => {
    const odd = ruled([condition({ field: '$.' })])
    const about = learned(new Map(), [saying('rule.any.0.field', '“field” is empty.')], odd)
    expect(sendable(odd, about).edges[0]?.rule).toEqual({ any: [{ field: 'text', test: 'is', value: '' }] })
  })

  test('may be the rule as a whole', () => {
    const whole = learned(new Map(), [saying('rule.any', 'A rule holds at most 50 conditions.')], graph)
    expect(sendable(graph, whole).edges[0]?.rule).toEqual({ any: [{ field: 'text', test: 'is', value: '' }] })
    expect(refusedIn(graph, whole)[0]).toMatchObject({ edge: '0', field: 'rule' })
  })

  test('teaches nothing of other places', () => {
    const elsewhere = [{ ...saying('graph', 'Too many steps.'), edge: null }, saying('when', 'Unknown.')]
    expect(learned(new Map(), elsewhere, graph).size).toBe(0)
  })
})

test('a document is saved with a name, and without spaces around what rules look at', () => {
  const document: Document = {
    name: ' Words ',
    description: '',
    input: { kind: 'none', title: '', sample: '' },
    graph: ruled([condition({ field: 'total ' })]),
  }
  expect(asSaved(document)).toMatchObject({ name: 'Words', graph: ruled([condition({})]) })
  expect(asSaved({ ...document, name: '  ' }).name).toBe('Untitled workflow')
})

describe('what is sent', () => {
  const before: Document = {
    name: 'Words',
    description: '',
    input: { kind: 'none', title: '', sample: '' },
    graph: graphOf('a>b'),
  }

  test('is only what changed', () => {
    expect(difference(before, { ...before })).toEqual({})
    expect(difference(before, { ...before, graph: { ...before.graph } })).toEqual({ graph: before.graph })
  })

  test('always has a name', () => {
    expect(difference(before, { ...before, name: '  ' })).toEqual({ name: 'Untitled workflow' })
  })
})
