import { expect, test } from 'vitest'
import type { WorkflowInput } from '@/api/types'
import { graphOf } from '@/test/graphOf'
import { aStep } from '@/test/steps'
import { columnsAreSure, columnsIn, columnsInto } from './columns'

const table = (slug: string) => aStep({ slug, takes: 'csv', gives: 'csv' })
const steps = new Map([
  ['keep', table('keep')],
  ['total', table('total')],
  ['chart', aStep({ slug: 'chart', takes: 'csv', gives: 'image' })],
  ['after', table('after')],
])
const graph = graphOf('keep>total total>chart chart>after')
const input: WorkflowInput = { kind: 'file', title: '', name: 'orders.csv', sample: 'city,price\nLima,3\n' }
const into = (node: string, seen: Record<string, string[]> = {}, from = input) =>
  columnsInto({ graph, input: from, steps, seen: new Map(Object.entries(seen)) }, node)

test('the first step gets the columns of the file', () => {
  expect(into('keep')).toEqual(['city', 'price'])
})

test('a later step gets what the last run showed there, else what went in further up', () => {
  expect(into('chart', { total: ['city', 'total'] })).toEqual(['city', 'total'])
  expect(into('chart')).toEqual(['city', 'price'])
})

test('behind a picture there are no columns', () => {
  expect(into('after')).toEqual([])
})

test('without a file the last run’s input tells, and without a run nobody knows', () => {
  const none = { ...input, sample: '' }
  expect(into('keep', { '': ['a', 'b'] }, none)).toEqual(['a', 'b'])
  expect(into('keep', {}, none)).toEqual([])
  expect(into('keep', { '': ['a', 'b'] }, { ...none, kind: 'none' })).toEqual([])
})

test('a circle does not hang', () => {
  const circle = graphOf('keep>total total>keep')
  expect(columnsInto({ graph: circle, input, steps, seen: new Map() }, 'keep')).toEqual([])
})

test('columns are sure where the input has them, or a run that still holds; likely ones are not', () => {
  const seen = new Map([['keep', ['city']]])
  const sure = (node: string, stale: string[] = []) =>
    columnsAreSure({ graph, input, steps, seen }, node, new Set(stale))
  expect(sure('keep')).toBe(true)
  expect(sure('total')).toBe(true)
  expect(sure('total', ['keep'])).toBe(false)
  expect(sure('chart')).toBe(false)
})

test('a further output may have other columns than the data itself', () => {
  const [pipe] = graph.edges
  if (!pipe) throw new Error('There is one')
  const flow = { graph, input, steps, seen: new Map() }
  expect(columnsIn(flow, pipe)).toEqual(['city', 'price'])
  expect(columnsIn(flow, { ...pipe, output: 'rest' })).toEqual([])
})
