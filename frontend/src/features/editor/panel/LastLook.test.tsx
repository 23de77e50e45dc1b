import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Graph, Run, StepRun, WorkflowInput } from '@/api/types'
import { graphOf } from '@/test/graphOf'
import { WhatFlows } from '../pipe/WhatFlows'
import { showInEditor } from '../showInEditor'
import { WhatComesOut } from './WhatComesOut'

const graph: Graph = graphOf('a>b')
function step(node: string, about: Partial<StepRun>): StepRun {
  return { node, title: node, status: 'succeeded', ways: {}, ...about } as StepRun
}

function ran(...steps: StepRun[]): Run {
  return { id: 'r1', graph, steps, input: null, created_at: '2026-01-02T03:04:05Z' } as unknown as Run
}

function drawn(part: React.ReactElement, run: Run | null, input: Partial<WorkflowInput> = {}) {
  showInEditor(part, { graph, run, input })
}

const asked: string[] = []
function answering(answer: () => Response | Promise<Response>) {
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname}`)
    return answer()
  })
}
const LINES = { kind: 'text', bytes: 6, text: 'hello\n', columns: null, rows: null, total_rows: null }

afterEach(() => {
  asked.length = 0
})

const [pipe] = graph.edges
if (!pipe) throw new Error('There is no pipe')

describe('what flows in a pipe', () => {
  test('is there to see after the first run', () => {
    drawn(<WhatFlows pipe={pipe} />, null)
    expect(screen.getByText('You see it here after the first run.')).toBeInTheDocument()
  })

  test('is said to come with the next run, where the step was put in since', () => {
    drawn(<WhatFlows pipe={pipe} />, ran(step('b', {})))
    expect(screen.getByText('You see it here after the next run.')).toBeInTheDocument()
  })

  test('is seen although the step failed, where a failure leads this way', async () => {
    answering(() => Response.json(LINES))
    const ways = { [pipe.id]: { taken: true, why: 'it failed' } }
    drawn(<WhatFlows pipe={pipe} />, ran(step('a', { status: 'failed', ways })))
    expect(await screen.findByText('hello')).toBeInTheDocument()
  })

  test('is nothing where the step failed, or was not started, and the run tells more', () => {
    drawn(<WhatFlows pipe={pipe} />, ran(step('a', { status: 'failed', error: 'No such page.' })))
    expect(screen.getByText(/“a” failed in the last run: No such page\./)).toBeInTheDocument()
    drawn(<WhatFlows pipe={pipe} />, ran(step('a', { status: 'skipped' })))
    expect(screen.getByText(/“a” was not started in the last run\./)).toBeInTheDocument()
    expect(screen.getAllByRole('link', { name: 'See the run' })).toHaveLength(2)
  })

  test('is looked for, and no longer kept', async () => {
    let answer: (response: Response) => void = () => undefined
    answering(() => new Promise(resolve => (answer = resolve)))
    drawn(<WhatFlows pipe={pipe} />, ran(step('a', {})))
    expect(screen.getByText('Looking…')).toBeInTheDocument()
    await waitFor(() => expect(asked).toHaveLength(1))
    answer(Response.json({ title: 'Not found', detail: 'This data is no longer kept.' }, { status: 404 }))
    expect(await screen.findByText('This data is no longer kept.')).toBeInTheDocument()
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull()
  })

  test('is asked for again, where it did not come', async () => {
    answering(() => new Response('', { status: 500 }))
    drawn(<WhatFlows pipe={pipe} />, ran(step('a', {})))
    const again = await screen.findByRole('button', { name: 'Try again' })
    answering(() => Response.json(LINES))
    await userEvent.click(again)
    expect(await screen.findByText('hello')).toBeInTheDocument()
  })
})

describe('what comes out', () => {
  test('is looked at as what came in is', async () => {
    answering(() => Response.json(LINES))
    drawn(<WhatComesOut node="b" />, ran(step('a', {}), step('b', {})))
    await screen.findByText('hello')
    await userEvent.click(screen.getByRole('button', { name: 'See what came in' }))
    expect(screen.getByRole('heading', { name: 'What came in' })).toBeInTheDocument()
    await waitFor(() => expect(asked).toContain('GET /api/runs/r1/steps/a/preview'))
  })

  test('is tried at once where there is an example', async () => {
    answering(() => Response.json({ id: 'r2', status: 'queued' }, { status: 201 }))
    drawn(<WhatComesOut node="b" />, null, { kind: 'text', sample: 'x' })
    await userEvent.click(screen.getByRole('button', { name: 'Try it' }))
    await waitFor(() => expect(asked).toEqual(['POST /api/workflows/w/runs/']))
  })

  test('is tried with what is asked for where there is none', async () => {
    drawn(<WhatComesOut node="b" />, null, { kind: 'file', title: 'Words', sample: '' })
    await userEvent.click(screen.getByRole('button', { name: 'Try it' }))
    expect(await screen.findByRole('dialog', { name: 'Words' })).toBeInTheDocument()
    expect(asked).toEqual([])
  })
})
