import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Rule, Workflow } from '@/api/types'
import { graphOf } from '@/test/graphOf'
import { readDraft } from './model/drafts'
import { sendable } from './model/sendable'
import { documentOf, openSession, openToLook } from './session'

const workflow = (revision: number, name: string) =>
  ({
    id: 'w',
    revision,
    name,
    description: '',
    input: { kind: 'none', title: '', sample: '' },
    graph: graphOf('a>b'),
    problems: [],
  }) as unknown as Workflow
const ruled = (rule: Rule) => {
  const { graph, ...rest } = named('Saved')
  return { ...rest, graph: { ...graph, edges: graph.edges.map(edge => ({ ...edge, rule })) } }
}
const named = (name: string) => documentOf(workflow(1, name))

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('fetch', async () => new Response('{}', { status: 503 }))
})
afterEach(() => {
  vi.useRealTimers()
})

function opened(revision: number, name: string, draft: Parameters<typeof openSession>[1]) {
  const { document, autosave } = openSession(workflow(revision, name), draft)
  const { phase } = autosave.state.getState()
  autosave.stop()
  return { name: document.store.getState().document.name, phase }
}

describe('opening a workflow that this browser kept something of', () => {
  test('what could not be saved is there again, and will be saved', () => {
    const draft = { revision: 3, document: named('Kept'), sending: null }
    expect(opened(3, 'Saved', draft)).toEqual({ name: 'Kept', phase: 'changed' })
  })

  test('somebody else’s save in between is a conflict, with ours still there', () => {
    const draft = { revision: 3, document: named('Kept'), sending: null }
    expect(opened(4, 'Theirs', draft)).toEqual({ name: 'Kept', phase: 'conflict' })
  })

  test('our own save, which arrived after the page was left, is none', () => {
    const draft = { revision: 3, document: named('Kept'), sending: named('On its way') }
    expect(opened(4, 'On its way', draft)).toEqual({ name: 'Kept', phase: 'changed' })
  })

  test('nor is our own save with a space at the end of its name, which the server does not keep', () => {
    const draft = { revision: 3, document: named('Kept'), sending: named('On its way ') }
    expect(opened(4, 'On its way', draft)).toEqual({ name: 'Kept', phase: 'changed' })
  })

  test('a half-written rule is there again; as the server has all the rest, nothing is to be saved', () => {
    const half = ruled({ all: [{ field: 'total', test: 'contains', value: '' }] })
    const draft = { revision: 3, document: half, sending: half }
    const saved = { ...workflow(4, 'Saved'), graph: sendable(half.graph) }
    const { document, autosave } = openSession(saved, draft)
    autosave.stop()
    expect(document.store.getState().document.graph).toEqual(half.graph)
    expect(autosave.state.getState()).toMatchObject({ phase: 'saved', revision: 4 })
    expect(readDraft('w')).toMatchObject({ revision: 4, document: half })
  })

  test('what is saved already is forgotten', () => {
    const draft = { revision: 3, document: named('Saved'), sending: null }
    expect(opened(4, 'Saved', draft)).toEqual({ name: 'Saved', phase: 'saved' })
  })

  test.each([
    ['a rule', { rule: { all: [{ field: 'total', test: 'is' as const, value: '1' }] } }],
    ['how it flows', { mode: 'stream' as const }],
    ['when it is taken', { when: 'failure' as const }],
  ])('%s of a pipe that could not be saved is there again', (_, about) => {
    const kept = named('Saved')
    const edges = kept.graph.edges.map(edge => ({ ...edge, ...about }))
    const draft = { revision: 3, document: { ...kept, graph: { ...kept.graph, edges } }, sending: null }
    const { document, autosave } = openSession(workflow(3, 'Saved'), draft)
    autosave.stop()
    expect(document.store.getState().document.graph.edges[0]).toMatchObject(about)
  })

  test('waiting for any way is kept like everything else', () => {
    const kept = named('Saved')
    const nodes = kept.graph.nodes.map(node => ({ ...node, join: 'any' as const }))
    const draft = { revision: 3, document: { ...kept, graph: { ...kept.graph, nodes } }, sending: null }
    expect(opened(3, 'Saved', draft).phase).toBe('changed')
  })
})

describe('opening a workflow that one may only look at', () => {
  test('no edit reaches it, and nothing is ever sent', () => {
    const fetched = vi.fn(async () => new Response('{}'))
    vi.stubGlobal('fetch', fetched)
    const { document, autosave } = openToLook(workflow(3, 'Theirs'))
    document.dispatch({ type: 'rename', name: 'Mine' })
    document.dispatch({ type: 'remove', id: 'a' })
    vi.runAllTimers()
    expect(document.store.getState().document).toEqual(named('Theirs'))
    expect(autosave.state.getState().phase).toBe('saved')
    expect(fetched).not.toHaveBeenCalled()
  })
})
