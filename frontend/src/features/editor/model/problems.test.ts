import { describe, expect, test } from 'vitest'
import type { Graph, GraphNode, Rule, Step } from '@/api/types'
import { graphOf } from '@/test/graphOf'
import { aStep } from '@/test/steps'
import { heldOver, knownProblems, localProblems, merged, settingProblems } from './problems'

const step = aStep({
  slug: 'total',
  params: {
    type: 'object',
    required: ['by', 'calculate'],
    properties: {
      by: { type: 'string', title: 'Group by', minLength: 1, 'x-ask': 'Choose what to group by' },
      calculate: { type: 'string', default: 'sum', oneOf: [{ const: 'sum' }, { const: 'count' }] },
      column: {
        type: 'string',
        minLength: 1,
        title: 'Column',
        'x-ask': 'Choose the numbers',
        'x-show': { calculate: ['sum'] },
      },
      top: { type: 'integer', title: 'How many', minimum: 1, maximum: 10 },
      name: { type: 'string', title: 'Name', minLength: 1 },
    },
  },
})
const found = (params: Record<string, unknown>) => {
  const node: GraphNode = { id: 'n', step: 'total', params }
  return settingProblems(node, step).map(problem => `${problem.field}: ${problem.message}`)
}

describe('settings', () => {
  test('what is missing is asked for in the author’s words', () => {
    expect(found({})).toEqual(['by: Choose what to group by', 'column: Choose the numbers'])
  })

  test('a value that a default stands in for is not missing', () => {
    expect(found({ by: 'x', column: 'y' })).toEqual([])
  })

  test('what is not shown is not asked for', () => {
    expect(found({ by: 'x', calculate: 'count' })).toEqual([])
  })

  test('an empty text counts as missing where it must have letters', () => {
    expect(found({ by: '', column: 'y' })).toEqual(['by: Choose what to group by'])
  })

  test('an optional field may be left empty', () => {
    expect(found({ by: 'x', column: 'y', name: '' })).toEqual([])
  })

  test('limits are told with the limit', () => {
    expect(found({ by: 'x', column: 'y', top: 0 })).toEqual(['top: “How many” must be 1 or more'])
    expect(found({ by: 'x', column: 'y', top: 11 })).toEqual(['top: “How many” must be 10 or less'])
    expect(found({ by: 'x', column: 'y', top: 'many' })).toEqual(['top: “How many” must be a whole number'])
    expect(found({ by: 'x', column: 'y', top: 1.5 })).toEqual(['top: “How many” must be a whole number'])
  })

  test('a choice that is none is told', () => {
    expect(found({ by: 'x', calculate: 'guess' })).toEqual([
      'calculate: Choose one of the values of “calculate”',
    ])
  })
})

describe('the graph', () => {
  const steps = new Map<string, Step>([
    ['a', aStep({ slug: 'a', takes: 'nothing' })],
    ['b', aStep({ slug: 'b' })],
    ['c', aStep({ slug: 'c', title: 'Send', gives: 'nothing' })],
  ])
  const messages = (text: string) =>
    localProblems(graphOf(text), steps).map(problem => `${problem.node}: ${problem.message}`)

  test('nothing in it is the first thing to fix', () => {
    expect(localProblems({ nodes: [], edges: [] }, steps)[0]?.message).toMatch(/Add a step/)
  })

  test('a sound chain has no problems', () => {
    expect(messages('a>b')).toEqual([])
  })

  test('a step that is not in the library is named', () => {
    expect(messages('a>x')).toEqual(['x: The library has no step “x”. Choose another one.'])
  })

  test('a pipe into what reads nothing, and out of what gives nothing', () => {
    expect(messages('b>a')[0]).toMatch(/^a: .*takes no input/)
    expect(messages('c>b')[0]).toMatch(/^b: “Send” gives nothing on/)
  })

  test('several pipes may lead into a step, and a signal even into what reads nothing', () => {
    const graph = graphOf('a>b c>b b>a')
    const [first, , last] = graph.edges
    const signal = { ...graph, edges: [first, { ...last, when: 'failure' }] } as Graph
    expect(localProblems(signal, steps)).toEqual([])
  })

  const ruled = (...rules: (Rule | undefined)[]): Graph => {
    return {
      nodes: ['s', 't1', 't2', 't3'].map(id => ({ id, step: 'b', params: {} })),
      edges: rules.map((rule, at) => ({
        id: `w${at + 1}`,
        source: 's',
        target: `t${at + 1}`,
        ...(rule && { rule }),
      })),
    }
  }
  const total: Rule = { all: [{ field: 'total', test: 'greater', value: 1000 }] }
  const ways = (...rules: (Rule | undefined)[]) =>
    localProblems(ruled(...rules), steps).map(({ edge, message }) => `${edge}: ${message}`)

  test('a rule that is not written to its end is asked for, at its pipe', () => {
    expect(ways({ all: [{ field: 'total', test: 'greater', value: '' }] })).toEqual([
      'w1: Say what “total” is compared with',
    ])
    expect(ways(total, { else: true })).toEqual([])
  })

  test('“otherwise” needs a rule beside it, and is said once', () => {
    expect(ways({ else: true }, undefined)[0]).toMatch(/^w1: “Otherwise” needs another way/)
    expect(ways(total, { else: true }, { else: true })).toEqual([
      'w3: Only one way can be “otherwise”. Give this one a rule of its own.',
    ])
  })
})

test('a place named by both sides is listed once', () => {
  const problem = (field: string, message: string) => ({ node: 'n', edge: null, field, message })
  const both = merged([problem('by', 'ours')], [problem('by', 'theirs'), problem('limits', 'only theirs')])
  expect(both.map(entry => entry.message)).toEqual(['ours', 'only theirs'])
})

test('what the server said holds until it says otherwise, for what is still there', () => {
  const graph = graphOf('a>b')
  const said = [
    { node: 'a', edge: null, field: 'x', message: 'of a step' },
    { node: 'gone', edge: null, field: 'x', message: 'of a step that is gone' },
    { node: 'a', edge: '0', field: 'rule', message: 'of a pipe' },
    { node: 'a', edge: 'gone', field: 'rule', message: 'of a pipe that is gone' },
    { node: null, edge: null, field: null, message: 'of the whole' },
  ]
  const words = (entries: readonly { message: string }[]) => entries.map(entry => entry.message)
  expect(words(heldOver(said, graph))).toEqual(['of a step', 'of a pipe', 'of the whole'])
  const steps = new Map(['a', 'b'].map(slug => [slug, aStep({ slug })]))
  expect(words(knownProblems(graph, steps, said))).toEqual(['of a step', 'of a pipe', 'of the whole'])
})
