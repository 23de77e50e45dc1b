import { describe, expect, test } from 'vitest'
import { graphOf } from '@/test/graphOf'
import type { Document } from './changes'
import { createDocumentStore } from './store'

const start = (): Document => ({
  name: 'Words',
  description: '',
  input: { kind: 'none', title: '', sample: '' },
  graph: graphOf('a>b'),
})

function opened() {
  let time = 0
  const made = createDocumentStore(start(), () => time)
  return {
    ...made,
    wait: (milliseconds: number) => {
      time += milliseconds
    },
    now: () => made.store.getState().document,
    past: () => made.store.temporal.getState().pastStates.length,
  }
}

describe('the document store', () => {
  test('undo takes back a change and redo does it again', () => {
    const editor = opened()
    editor.dispatch({ type: 'remove', id: 'a' })
    expect(editor.now().graph.nodes.map(node => node.id)).toEqual(['b'])
    editor.undo()
    expect(editor.now().graph.nodes.map(node => node.id)).toEqual(['a', 'b'])
    editor.redo()
    expect(editor.now().graph.nodes.map(node => node.id)).toEqual(['b'])
  })

  test('typing is one step of undo, until a pause', () => {
    const editor = opened()
    for (const name of ['W', 'Wo', 'Wor']) {
      editor.dispatch({ type: 'rename', name })
      editor.wait(100)
    }
    expect(editor.past()).toBe(1)
    editor.wait(2000)
    editor.dispatch({ type: 'rename', name: 'Word' })
    expect(editor.past()).toBe(2)
    editor.undo()
    expect(editor.now().name).toBe('Wor')
    editor.undo()
    expect(editor.now().name).toBe('Words')
  })

  test('typing in another field is another step of undo', () => {
    const editor = opened()
    editor.dispatch({ type: 'params', id: 'a', params: { x: 1 } })
    editor.dispatch({ type: 'params', id: 'b', params: { x: 1 } })
    expect(editor.past()).toBe(2)
  })

  test('typing after an undo does not join what was undone', () => {
    const editor = opened()
    editor.dispatch({ type: 'rename', name: 'One' })
    editor.undo()
    editor.dispatch({ type: 'rename', name: 'Two' })
    editor.undo()
    expect(editor.now().name).toBe('Words')
  })

  test('a change that changes nothing leaves no trace', () => {
    const editor = opened()
    const before = editor.now()
    editor.dispatch({ type: 'params', id: 'nobody', params: {} })
    expect(editor.now()).toBe(before)
    expect(editor.past()).toBe(0)
  })

  test('changing a setting keeps every other node the same object', () => {
    const editor = opened()
    const [a] = editor.now().graph.nodes
    editor.dispatch({ type: 'params', id: 'b', params: { x: 1 } })
    expect(editor.now().graph.nodes[0]).toBe(a)
  })

  test('an emptied title falls back to the library’s', () => {
    const editor = opened()
    editor.dispatch({ type: 'retitle', id: 'a', title: 'Mine' })
    expect(editor.now().graph.nodes[0]?.title).toBe('Mine')
    editor.dispatch({ type: 'retitle', id: 'a', title: ' ' })
    expect(editor.now().graph.nodes[0]).not.toHaveProperty('title')
  })

  test('a replaced document can be undone', () => {
    const editor = opened()
    editor.dispatch({ type: 'replace', document: { ...start(), name: 'Theirs' } })
    expect(editor.now().name).toBe('Theirs')
    editor.undo()
    expect(editor.now().name).toBe('Words')
  })
})
