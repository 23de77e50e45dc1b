import { describe, expect, it } from 'vitest'
import type { Graph, Preview, Problem, Run, Step, WorkflowInput } from '@/api/types'
import { inputPipe } from '@/canvas/given'
import { editorOverlay } from './mapOverlay'

const step = (slug: string, takes: string, gives: string) =>
  ({ slug, title: slug, takes, gives, inputs: [], outputs: [] }) as unknown as Step
const steps = new Map(
  [step('draw', 'csv', 'image'), step('keep', 'csv', 'csv')].map(each => [each.slug, each]),
)
const node = (id: string) => ({ id, step: id.split(' ')[0] ?? '', params: {} })
const input = { kind: 'text', title: 'Orders', sample: 'a,b\n1,2\n' } as WorkflowInput

function overlay(graph: Graph, more: { problems?: Problem[]; looks?: [string, Preview][]; run?: Run } = {}) {
  const lastRun = { run: more.run ?? null, looks: new Map(more.looks), stale: new Set<string>() }
  return editorOverlay({ graph, input, steps, problems: more.problems ?? [], lastRun })
}

const graph: Graph = {
  nodes: [node('keep'), node('draw'), node('keep 2')],
  edges: [
    { id: 'fits', source: 'keep', target: 'draw' },
    { id: 'misfits', source: 'draw', target: 'keep 2' },
  ],
}

describe('the map of the editor', () => {
  it('says what is wrong with a pipe, as the list does', () => {
    const map = overlay(graph)
    expect(map.words('misfits')).toBe('takes a table, but a picture arrives here')
    expect(map.trouble?.('misfits')).toBe('“keep” takes a table, but a picture arrives here')
    expect([map.words('fits'), map.trouble?.('fits')]).toEqual([null, null])
  })

  it('marks a rule that is not written to its end', () => {
    const rule = { all: [{ field: 'total', test: 'greater' as const, value: '' }] }
    const edges = [{ id: 'fits', source: 'keep', target: 'draw', rule }]
    const problems = [{ node: 'keep', edge: 'fits', field: 'rule', message: 'Say what it is compared with' }]
    const map = overlay({ ...graph, edges }, { problems })
    expect(map.words('fits')).toBe('total is greater than …')
    expect(map.trouble?.('fits')).toBe('Say what it is compared with')
  })

  it('says what the last run brought, and how much of a stream the step wrote', () => {
    const table = { kind: 'table', total_rows: 3, bytes: 72 } as Preview
    const sample = { ...table, is_sample: true, bytes: 262_144 }
    const run = { steps: [{ node: 'keep', bytes_out: 1_700_000 }] } as Run
    expect(overlay(graph, { looks: [['keep', table]] }).words('fits')).toBe('3 rows')
    expect(overlay(graph, { looks: [['keep', sample]], run }).words('fits')).toBe('Table 1.7\u00a0MB')
    expect(overlay(graph, { looks: [['', table]] }).words(inputPipe('keep'))).toBe('3 rows')
  })
})
