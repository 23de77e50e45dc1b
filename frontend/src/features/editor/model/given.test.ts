import { expect, test } from 'vitest'
import type { WorkflowInput } from '@/api/types'
import { givenSize, givenTable, tableWords } from './given'

const text = (sample: string): WorkflowInput => ({ kind: 'text', title: '', sample })
const file = (name: string, sample: string): WorkflowInput => ({ kind: 'file', title: '', name, sample })
const words = (input: WorkflowInput) => {
  const table = givenTable(input)
  return table && tableWords(table)
}

test('a table that was pasted is told by its rows and columns', () => {
  expect(words(text('name\tStadt\tBetrag\nA\tKöln\t3\nB\tBonn\t4\n'))).toBe(
    'Table, 2 rows: name, Stadt, Betrag',
  )
  expect(words(file('a.csv', '\uFEFFname;price\r\nA;"two\r\nlines"\r\n\r\n'))).toBe(
    'Table, 1 row: name, price',
  )
})

test('of many columns the first are named', () => {
  expect(words(file('a.csv', 'a,b,c,d,e,f,g,h,i,j\n'))).toBe(
    'Table, 0 rows: a, b, c, d, e, f, g, h and 2 more',
  )
})

test('what is no table is none', () => {
  expect(words(text('one\ntwo, three\n'))).toBeNull()
  expect(words(file('a.txt', 'a,b\n1,2\n'))).toBeNull()
  expect(words(file('a.csv', ''))).toBeNull()
  expect(words({ kind: 'none', title: '', sample: 'a,b\n1,2\n' })).toBeNull()
})

test('of a table the rows are counted, as in a run, and of a text the lines', () => {
  expect(givenSize(file('a.csv', 'size,price\nsmall,3\nlarge,12\n'))).toBe('2 rows')
  expect(givenSize(file('a.txt', 'one\ntwo\nthree\n'))).toBe('3 lines')
})
