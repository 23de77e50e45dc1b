import { describe, expect, test } from 'vitest'
import type { Condition } from '@/api/types'
import { missingIn, missingInRule, typedValue, withTest } from './rules'

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

  test('compares a number as such, and takes it for a text in all other tests', () => {
    const pattern = withTest(condition({ test: 'greater', value: 1000 }), 'matches')
    expect(pattern).toEqual({ field: 'total', test: 'matches', value: '1000' })
    expect(withTest(pattern, 'less')).toEqual({ field: 'total', test: 'less', value: 1000 })
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
})
