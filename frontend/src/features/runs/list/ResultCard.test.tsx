import { screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { Run, Status } from '@/api/types'
import { graphOf } from '@/test/graphOf'
import { show } from '@/test/render'
import { RunProvider } from '../context'
import { fromRun } from '../model/state'
import { Results } from './ResultCard'

const step = (node: string, status: Status) => ({ node, title: `Step ${node}`, step: 's', status, ways: {} })

function showResults(last: Status) {
  const steps = [step('a', 'succeeded'), step('b', last)]
  const run = { id: 'r', status: 'succeeded', graph: graphOf('a>b'), steps, streams: [] } as unknown as Run
  const value = {
    run,
    store: createStore(() => fromRun(run)),
    steps: new Map(),
    look: null,
    onLook: () => undefined,
    wanted: null,
    onWanted: () => undefined,
    actions: { stop: null, stopping: false, again: null, starting: false },
  }
  const seen = { kind: 'text', bytes: 5, text: 'plums', complete: true, truncated: false, is_sample: false }
  vi.stubGlobal('fetch', async () => Response.json(seen))
  show(
    <RunProvider value={value}>
      <Results />
    </RunProvider>,
  )
}

test('the result of a run is what came out at its end', async () => {
  showResults('succeeded')
  expect(await screen.findByRole('heading', { name: 'Result' })).toBeVisible()
})

test('where the last step was left out, it is said whose result is shown', async () => {
  showResults('skipped')
  expect(await screen.findByRole('heading', { name: 'Result of Step a' })).toBeVisible()
})
