import { expect, test } from 'vitest'
import type { Step, WorkflowInput } from '@/api/types'
import type { Params, Schema } from '@/lib/schema'
import { graphOf } from '@/test/graphOf'
import { aStep } from '@/test/steps'
import { columnsAreSure, columnsIn, columnsInto } from './columns'

const table = (slug: string, columns: Step['columns'] = [], properties: Record<string, Schema> = {}) =>
  aStep({ slug, takes: 'csv', gives: 'csv', columns, params: { type: 'object', properties } })
const steps = new Map([
  ['keep', table('keep', [{ when: {}, all_but: [] }])],
  ['again', table('again', [{ when: {}, all_but: [] }])],
  [
    'total',
    table('total', [{ when: {}, names: ['{by}', '{also}', '{name}', 'rows'] }], {
      by: { type: 'string' },
      also: { type: 'string' },
      name: { type: 'string', default: 'total', minLength: 1 },
    }),
  ],
  [
    'choose',
    table(
      'choose',
      [
        { when: { mode: ['keep'], rename: [''] }, names: ['{columns}'] },
        { when: { mode: ['drop'], rename: [''] }, all_but: ['{columns}'] },
      ],
      {
        mode: { type: 'string', default: 'keep' },
        columns: { type: 'array', minItems: 1 },
        rename: { type: 'string' },
      },
    ),
  ],
  ['own', table('own')],
  ['chart', aStep({ slug: 'chart', takes: 'csv', gives: 'image' })],
  ['after', table('after')],
])
const graph = graphOf('keep>total total>chart chart>after')
const input: WorkflowInput = { kind: 'file', title: '', name: 'orders.csv', sample: 'city,price\nLima,3\n' }
const into = (node: string, seen: Record<string, string[]> = {}, from = input) =>
  columnsInto({ graph, input: from, steps, seen: new Map(Object.entries(seen)), stale: new Set() }, node)

/** The columns that arrive behind a step with these settings, and whether they are sure. */
function behind(step: string, params: Params = {}, about: Partial<Parameters<typeof columnsInto>[0]> = {}) {
  const drawn = graphOf(`${step}>chart`)
  const nodes = drawn.nodes.map(node => (node.id === step ? { ...node, params } : node))
  const flow = {
    graph: { ...drawn, nodes },
    input,
    steps,
    seen: new Map(),
    stale: new Set<string>(),
    ...about,
  }
  return [columnsInto(flow, 'chart'), columnsAreSure(flow, 'chart')]
}

test('the first step gets the columns of the file', () => {
  expect(into('keep')).toEqual(['city', 'price'])
})

test('a later step gets what the last run showed there, else what the steps before it say', () => {
  expect(into('chart', { total: ['city', 'sum'] })).toEqual(['city', 'sum'])
  expect(into('total')).toEqual(['city', 'price'])
  expect(into('chart')).toEqual(['total', 'rows'])
})

test('a step gives the columns that its settings name, and no other', () => {
  expect(behind('total', { by: 'city' })).toEqual([['city', 'total', 'rows'], true])
  expect(behind('total', { by: 'city', also: ' price ', name: '' })).toEqual([
    ['city', 'price', 'total', 'rows'],
    true,
  ])
})

test('which columns are given can depend on the settings', () => {
  expect(behind('choose', { columns: ['price'] })).toEqual([['price'], true])
  expect(behind('choose', { mode: 'drop', columns: ['price'] })).toEqual([['city'], true])
  expect(behind('choose', { columns: ['price'], rename: 'price = cost' })).toEqual([[], false])
})

test('behind a step that says nothing, nobody knows before the first run', () => {
  expect(behind('own')).toEqual([[], false])
  expect(behind('own', {}, { seen: new Map([['own', ['a', 'b']]]) })).toEqual([['a', 'b'], true])
})

test('what a step says of its new settings counts for more than an older run', () => {
  const older = {
    seen: new Map([
      ['total', ['city', 'total']],
      ['own', ['a']],
    ]),
  }
  const stale = new Set(['total', 'own'])
  expect(behind('total', { by: 'price' }, { ...older, stale })).toEqual([['price', 'total', 'rows'], true])
  expect(behind('own', {}, { ...older, stale })).toEqual([['a'], false])
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
  const circle = graphOf('keep>again again>keep')
  expect(columnsInto({ graph: circle, input, steps, seen: new Map(), stale: new Set() }, 'keep')).toEqual([])
})

test('columns are sure where the input has them, or a run that still holds; likely ones are not', () => {
  const likely = { input: { ...input, sample: '' }, seen: new Map([['', ['city', 'price']]]) }
  expect(behind('keep')).toEqual([['city', 'price'], true])
  expect(behind('keep', {}, likely)).toEqual([['city', 'price'], false])
})

test('where several ways meet, nothing is sure', () => {
  const meeting = graphOf('keep>chart total>chart')
  expect(behind('keep', {}, { graph: meeting })).toEqual([['city', 'price'], false])
})

test('a further output may have other columns than the data itself', () => {
  const [pipe] = graph.edges
  if (!pipe) throw new Error('There is one')
  const flow = { graph, input, steps, seen: new Map(), stale: new Set<string>() }
  expect(columnsIn(flow, pipe)).toEqual(['city', 'price'])
  expect(columnsIn(flow, { ...pipe, output: 'rest' })).toEqual([])
})
