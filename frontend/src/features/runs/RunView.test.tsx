import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test, vi } from 'vitest'
import type { Run } from '@/api/types'
import { graphOf } from '@/test/graphOf'
import { show } from '@/test/render'
import { RunView } from './RunView'

const step = (node: string, status: string) => ({ node, title: `Step ${node}`, step: 's', status, ways: {} })
const run = {
  id: 'r',
  number: 7,
  workflow: 'w',
  workflow_name: 'Orders of the week',
  status: 'failed',
  failed_node: 'b',
  input: null,
  created_at: '2026-01-02T03:04:05Z',
  graph: graphOf('a>b b>c'),
  steps: [step('a', 'succeeded'), step('b', 'failed'), step('c', 'skipped')],
  streams: [],
  can: { cancel: false, retry: true },
} as unknown as Run

/** What was brought into sight, by its words. All cards lie below it here, as jsdom has no layout. */
const shown: string[] = []
beforeEach(() => {
  shown.length = 0
  vi.stubGlobal('fetch', async () => Response.json([]))
  HTMLElement.prototype.getBoundingClientRect = function () {
    return (this.matches('li') ? { top: 900, bottom: 1000 } : { top: 0, bottom: 500 }) as DOMRect
  }
  HTMLElement.prototype.scrollIntoView = function () {
    shown.push(this.textContent ?? '')
  }
})

test('a run that failed shows where, and its words lead there with the keyboard', async () => {
  show(<RunView run={run} />)
  expect(shown).toEqual([expect.stringContaining('Step b')])
  expect(document.body).toHaveFocus()
  await userEvent.click(screen.getByRole('button', { name: 'Failed at step 2 of 3' }))
  expect(shown).toHaveLength(2)
  expect(screen.getByRole('button', { name: /^Step b/ })).toHaveFocus()
})

test('who comes to a certain place of a run is led to no other one', () => {
  show(<RunView run={run} />, { at: '/runs/r#result' })
  expect(shown).toEqual([])
})

test('a run says of which workflow it is, and leads there', () => {
  show(<RunView run={run} />)
  expect(screen.getByRole('link', { name: 'Orders of the week' })).toHaveAttribute('href', '/workflows/w')
})
