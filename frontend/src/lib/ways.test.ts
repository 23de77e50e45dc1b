import { describe, expect, test } from 'vitest'
import type { GraphEdge } from '@/api/types'
import { headingWords, listWords, ruleWords, shortWords } from './ways'

const edge = (about: Partial<GraphEdge>): GraphEdge => ({ id: 'e', source: 'a', target: 'b', ...about })
const total = { field: 'total', test: 'greater', value: 1000 } as const
const city = { field: 'city', test: 'is', value: 'Berlin' } as const

describe('rules in words', () => {
  test('as the server says them', () => {
    expect(ruleWords({ all: [total, city] })).toBe('total is greater than 1,000 and city is Berlin')
    expect(ruleWords({ any: [{ field: 'exit code', test: 'is not', value: 0 }, city] })).toBe(
      'the exit code is not 0 or city is Berlin',
    )
    expect(ruleWords({ all: [{ field: 'text', test: 'is empty' }] })).toBe('the text is empty')
    expect(ruleWords({ else: true })).toBe('otherwise')
  })

  test('a postal code stays as it is written', () => {
    expect(ruleWords({ all: [{ field: 'code', test: 'is', value: '10115' }] })).toBe('code is 10115')
  })

  test('what is not said yet is left open', () => {
    expect(ruleWords({ all: [{ field: '', test: 'less', value: '' }] })).toBe('… is less than …')
  })
})

describe('ways in words', () => {
  test('over what follows', () => {
    expect(headingWords(edge({}), 'Fetch')).toBe('Then, from Fetch')
    expect(headingWords(edge({ rule: { all: [total] } }), 'Fetch')).toBe('If total is greater than 1,000')
    expect(headingWords(edge({ rule: { else: true } }), 'Fetch')).toBe('Otherwise')
    expect(headingWords(edge({ when: 'failure' }), 'Fetch')).toBe('If Fetch fails')
    expect(headingWords(edge({ when: 'always', rule: { all: [city] } }), 'Fetch')).toBe(
      'Whether Fetch goes well or fails, and city is Berlin',
    )
  })

  test('on a pipe itself', () => {
    expect(shortWords(edge({}))).toBeNull()
    expect(shortWords(edge({ mode: 'stream' }))).toBeNull()
    expect(shortWords(edge({ when: 'failure' }))).toBe('if it fails')
    expect(shortWords(edge({ when: 'failure', rule: { else: true } }))).toBe('if it fails, otherwise')
  })

  test('several names', () => {
    expect(listWords(['A'])).toBe('A')
    expect(listWords(['A', 'B', 'C'])).toBe('A, B and C')
    expect(listWords(['A', 'B', 'C', 'D'])).toBe('A, B and 2 more')
  })
})
