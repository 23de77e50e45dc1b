import { describe, expect, test } from 'vitest'
import type { Condition, Graph } from '@/api/types'
import { graphOf } from '@/test/graphOf'
import { missingIn, missingInRule, sendable, typedValue, withTest } from './rules'

const condition = (about: Partial<Condition>): Condition => ({
  field: 'total',
  test: 'is',
  value: '5',
  ...about,
})

describe('a condition', () => {
  test('says what is still to be said', () => {
    expect(missingIn(condition({}))).toBeNull()
    expect(missingIn(condition({ field: ' ' }))).toBe('Say what the rule looks at')
    expect(missingIn(condition({ value: '' }))).toBe('Say what “total” is compared with')
    expect(missingIn(condition({ test: 'is not', value: '' }))).toBeNull()
    expect(missingIn({ field: 'total', test: 'is empty' })).toBeNull()
  })

  test('compares numbers and dates only with numbers and dates', () => {
    for (const value of [1000, '12.50', '-3', '2024-05-31', '2024-05-31T14:30:00+02:00']) {
      expect(missingIn(condition({ test: 'greater', value }))).toBeNull()
    }
    expect(missingIn(condition({ test: 'less', value: '1,000' }))).toMatch(/^“1,000” is no number/)
  })

  test('keeps its value from test to test, but “is empty” has none', () => {
    expect(withTest(condition({}), 'contains')).toEqual({ field: 'total', test: 'contains', value: '5' })
    const empty = withTest(condition({}), 'is empty')
    expect(empty).toEqual({ field: 'total', test: 'is empty' })
    expect(withTest(empty, 'is')).toEqual({ field: 'total', test: 'is', value: '' })
  })

  test('takes what is typed for a number only where numbers are compared', () => {
    expect(typedValue('1000', 'greater')).toBe(1000)
    expect(typedValue('1000', 'is')).toBe('1000')
    expect(typedValue('10.', 'less')).toBe('10.')
    expect(typedValue('007', 'greater')).toBe('007')
  })
})

describe('a rule', () => {
  test('misses what one of its conditions misses', () => {
    expect(missingInRule(undefined)).toBeNull()
    expect(missingInRule({ else: true })).toBeNull()
    expect(missingInRule({ any: [] })).toBe('Say when this way is taken')
    expect(missingInRule({ any: [condition({}), condition({ value: '' })] })).toMatch(/compared/)
  })

  const ruled = (conditions: Condition[]): Graph => {
    const graph = graphOf('a>b a>c')
    return {
      ...graph,
      edges: graph.edges.map((edge, at) => (at === 0 ? { ...edge, rule: { any: conditions } } : edge)),
    }
  }

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
