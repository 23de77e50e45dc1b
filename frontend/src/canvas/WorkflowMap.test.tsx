import { act, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Graph, Status, Step } from '@/api/types'
import { show } from '@/test/render'
import { type MapOverlay, WorkflowMap } from '.'

const library = new Map<string, Step>([
  [
    'keep',
    {
      slug: 'keep',
      title: 'Keep rows',
      icon: 'filter',
      category: 'tables',
      takes: 'csv',
      says: 'where {x}',
      params: {},
    } as unknown as Step,
  ],
])
const graph: Graph = {
  nodes: [
    { id: 'a', step: 'keep', params: { x: 'one' } },
    { id: 'b', step: 'keep', title: 'Keep more', params: {} },
  ],
  edges: [{ id: 'e', source: 'a', target: 'b' }],
}

/** An overlay whose state the test sets by hand. */
function overlay(
  start: Record<string, Status>,
): MapOverlay & { set: (next: Record<string, Status>) => void } {
  let statuses = start
  const listeners = new Set<() => void>()
  return {
    subscribe: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    status: node => statuses[node],
    flow: () => 'flowing',
    words: () => '12 rows',
    set: next => {
      statuses = next
      for (const listener of listeners) listener()
    },
  }
}

beforeAll(() => {
  // jsdom has no layout: the map takes its boxes' sizes as they are given.
  vi.stubGlobal(
    'DOMMatrixReadOnly',
    class {
      m22 = 1
    },
  )
})

describe('WorkflowMap', () => {
  it('lets the keyboard choose a box, and let go of it again', async () => {
    const onSelect = vi.fn()
    const props = { graph, steps: library, input: null, onSelect }
    show(<WorkflowMap {...props} selected="b" />)
    await userEvent.tab()
    expect(screen.getByRole('button', { name: /Keep rows/ })).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await userEvent.tab()
    await userEvent.keyboard(' ')
    expect(onSelect.mock.calls).toEqual([['a'], [null]])
    expect(screen.getByRole('button', { name: /Keep more/ })).toHaveAttribute('aria-pressed', 'true')
  })

  it('shows what a step does, and in a run how it stands', () => {
    const props = { graph, steps: library, input: null, selected: null, onSelect: vi.fn() }
    const { unmount } = show(<WorkflowMap {...props} />)
    expect(screen.getByText('where one')).toBeVisible()
    unmount()
    const run = overlay({ a: 'running', b: 'queued' })
    show(<WorkflowMap {...props} overlay={run} />)
    expect(screen.getByRole('button', { name: 'Keep rows Working' })).toBeVisible()
    act(() => run.set({ a: 'succeeded', b: 'running' }))
    expect(screen.getByRole('button', { name: 'Keep rows Done' })).toBeVisible()
    expect(screen.getByRole('button', { name: 'Keep more Working' })).toBeVisible()
  })

  it('gives every box both its ends where pipes can be laid', () => {
    const props = { graph, steps: library, input: null, selected: null, onSelect: vi.fn() }
    const ends = () => document.querySelectorAll('.react-flow__handle').length
    const { unmount } = show(<WorkflowMap {...props} />)
    expect(ends()).toBe(2)
    unmount()
    show(<WorkflowMap {...props} onPipe={vi.fn()} onConnect={vi.fn()} />)
    expect(ends()).toBe(4)
  })
})
