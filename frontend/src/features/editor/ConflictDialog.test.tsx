import { act, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test, vi } from 'vitest'
import { graphOf } from '@/test/graphOf'
import { ConflictDialog } from './ConflictDialog'
import { readDraft } from './model/drafts'
import { showInEditor } from './showInEditor'

/** The server has, one after the other, what others save; each answer waits until the test lets it go. */
const answers: ((answer: Response) => void)[] = []
const sent: { method: string; body: unknown }[] = []
const input = { kind: 'none', title: '', sample: '' }
const at = '2026-01-02T03:04:05Z'
const workflow = (id: string, revision: number, name: string) =>
  Response.json({
    id,
    revision,
    name,
    description: '',
    input,
    graph: graphOf('a'),
    problems: [],
    updated_at: at,
  })

beforeEach(() => {
  answers.length = 0
  sent.length = 0
  vi.stubGlobal('fetch', async (request: Request) => {
    const text = await request.text()
    sent.push({ method: request.method, body: text && JSON.parse(text) })
    return new Promise(resolve => answers.push(resolve))
  })
})

const graph = graphOf('a>b')
const keepMine = () => screen.getByRole('button', { name: 'Keep mine' })

async function answered(count: number, answer: Response) {
  await waitFor(() => expect(answers).toHaveLength(count))
  await act(async () => answers[count - 1]?.(answer))
}

function inConflict() {
  const editor = showInEditor(<ConflictDialog />, { graph })
  act(() => editor.autosave.state.setState({ phase: 'conflict' }))
  return editor
}

test('a second conflict shows what was saved last, and nothing can be chosen before that is known', async () => {
  const { document } = inConflict()
  act(() => document.dispatch({ type: 'rename', name: 'Mine now' }))
  expect(keepMine()).toBeDisabled()
  await answered(1, workflow('w', 7, 'Theirs'))
  await screen.findByText('Theirs')
  await userEvent.click(keepMine())
  const conflict = { title: 'Conflict', detail: 'Changed.', revision: 8 }
  await answered(2, Response.json(conflict, { status: 409 }))
  expect(sent[1]).toMatchObject({ method: 'PATCH', body: { revision: 7, name: 'Mine now' } })

  expect(screen.queryByText('Theirs')).toBeNull()
  expect(keepMine()).toBeDisabled()
  await answered(3, workflow('w', 8, 'Theirs again'))
  expect(await screen.findByText('Theirs again')).toBeInTheDocument()
  expect(keepMine()).toBeEnabled()
})

test('both are kept once, also what is half written in the copy', async () => {
  const { document } = inConflict()
  const [pipe] = graph.edges
  const rule = { all: [{ field: 'total', test: 'greater' as const, value: '' }] }
  act(() => document.dispatch({ type: 'pipe', id: pipe?.id ?? '', about: { rule } }))
  await answered(1, workflow('w', 7, 'Theirs'))
  await screen.findByText('Theirs')
  const both = screen.getByRole('button', { name: 'Keep both: mine as a copy' })
  await userEvent.click(both)
  expect(both).toBeDisabled()
  expect(keepMine()).toBeDisabled()
  await answered(2, workflow('copy', 1, 'Mine (my version)'))
  expect(sent[1]).toMatchObject({ method: 'POST', body: { name: 'Mine (my version)' } })
  await waitFor(() => expect(document.store.getState().document.name).toBe('Theirs'))
  expect(readDraft('copy')?.document.graph.edges[0]).toMatchObject({ rule })
})
