import { act, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { Run } from '@/api/types'
import { graphOf } from '@/test/graphOf'
import { show } from '@/test/render'
import { RunProvider, type StepTab } from '../context'
import { fromRun } from '../model/state'
import { RunPanel } from './RunPanel'

const step = (node: string) => ({ node, title: `Step ${node}`, step: 's', status: 'succeeded', ways: {} })
const run = {
  id: 'r',
  status: 'succeeded',
  last_seq: 4,
  graph: graphOf('a>b'),
  steps: [step('a'), step('b')],
  streams: [],
} as unknown as Run
const store = createStore(() => fromRun(run))
const AROUND = {
  run,
  store,
  steps: new Map(),
  onLook: () => undefined,
  wanted: null,
  onWanted: () => undefined,
  actions: { stop: null, stopping: false, again: null, starting: false },
}

function Panel({ node, tab }: { node: string; tab: StepTab }) {
  const look = { kind: 'step' as const, node, tab }
  return (
    <RunProvider value={{ ...AROUND, look }}>
      <RunPanel narrow={false} />
    </RunProvider>
  )
}

const lines = (text: string) =>
  Response.json({
    kind: 'text',
    bytes: text.length,
    text,
    complete: true,
    truncated: false,
    is_sample: false,
  })

/** Each answer waits until the test lets it go. */
const answers: ((answer: Response) => void)[] = []
beforeEach(() => {
  answers.length = 0
  vi.stubGlobal('fetch', () => new Promise(resolve => answers.push(resolve)))
})
async function answered(count: number, answer: Response) {
  await waitFor(() => expect(answers).toHaveLength(count))
  await act(async () => answers[count - 1]?.(answer))
}

describe.each(['out', 'in'] as const)('what is looked at of a step (%s)', tab => {
  test('never stands under the name of the next one', async () => {
    const { rerender } = show(<Panel node="a" tab={tab} />)
    await answered(1, lines('of the first'))
    expect(await screen.findByText('of the first')).toBeInTheDocument()
    rerender(<Panel node="b" tab={tab} />)
    expect(screen.getByRole('heading', { name: 'Step b' })).toBeInTheDocument()
    expect(screen.queryByText('of the first')).toBeNull()
    expect(screen.getByText('Looking…')).toBeInTheDocument()
    await answered(2, lines('of the second'))
    expect(await screen.findByText('of the second')).toBeInTheDocument()
  })
})

describe('the log of a step', () => {
  test('is nothing only once that is known', async () => {
    show(<Panel node="a" tab="log" />)
    expect(screen.getByText('Looking…')).toBeInTheDocument()
    await answered(1, new Response('', { status: 416 }))
    expect(await screen.findByText('This step said nothing.')).toBeInTheDocument()
  })

  test('that did not come says why, and can be asked for again', async () => {
    show(<Panel node="a" tab="log" />)
    await answered(1, Response.json({ detail: 'The log cannot be read.' }, { status: 500 }))
    expect(await screen.findByText(/The log cannot be read\./)).toBeInTheDocument()
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await answered(2, new Response('It works\n'))
    expect(await screen.findByText('It works')).toBeInTheDocument()
  })
})
