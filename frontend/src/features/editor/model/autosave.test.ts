import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ApiError, unreachable } from '@/api/errors'
import type { Workflow } from '@/api/types'
import { graphOf } from '@/test/graphOf'
import { Autosave, difference, type Save } from './autosave'
import type { Document } from './changes'
import { readDraft } from './drafts'

const base: Document = {
  name: 'Words',
  description: '',
  input: { kind: 'none', title: '', sample: '' },
  graph: graphOf('a>b'),
}
const named = (name: string): Document => ({ ...base, name })
const answer = (revision: number) => ({ revision, problems: [] }) as unknown as Workflow

function saving(save: Save) {
  const autosave = new Autosave('w', { document: base, revision: 1, problems: [] }, save)
  return { autosave, phase: () => autosave.state.getState().phase }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('autosave', () => {
  test('saves a moment after the last change, with the revision it knows', async () => {
    const save = vi.fn<Save>(async () => answer(2))
    const { autosave, phase } = saving(save)
    autosave.changed(named('One'))
    autosave.changed(named('Two'))
    expect(phase()).toBe('changed')
    await vi.advanceTimersByTimeAsync(1000)
    expect(save).toHaveBeenCalledExactlyOnceWith(1, { name: 'Two' })
    expect(phase()).toBe('saved')
    expect(autosave.state.getState().revision).toBe(2)
  })

  test('what is typed while a save is under way is saved after it, on its revision', async () => {
    let finish: (workflow: Workflow) => void = () => undefined
    const save = vi.fn<Save>(() => new Promise(resolve => (finish = resolve)))
    const { autosave, phase } = saving(save)
    autosave.changed(named('One'))
    await vi.advanceTimersByTimeAsync(700)
    autosave.changed(named('Two'))
    finish(answer(2))
    await vi.advanceTimersByTimeAsync(700)
    expect(save).toHaveBeenLastCalledWith(2, { name: 'Two' })
    finish(answer(3))
    await vi.advanceTimersByTimeAsync(0)
    expect(phase()).toBe('saved')
  })

  test('every keystroke is in the browser’s keeping before the server has it, and no longer than that', async () => {
    const { autosave } = saving(async () => answer(2))
    autosave.changed(named('One'))
    expect(readDraft('w')?.document.name).toBe('One')
    await vi.advanceTimersByTimeAsync(1000)
    expect(readDraft('w')).toBeNull()
  })

  test('tries again, ever more patiently, while the server is away', async () => {
    const save = vi.fn<Save>(async () => {
      throw unreachable()
    })
    const { autosave, phase } = saving(save)
    autosave.changed(named('One'))
    await vi.advanceTimersByTimeAsync(700)
    expect(phase()).toBe('retrying')
    expect(readDraft('w')?.document.name).toBe('One')
    save.mockImplementation(async () => answer(2))
    await vi.advanceTimersByTimeAsync(1100)
    expect(phase()).toBe('saved')
    expect(save).toHaveBeenCalledTimes(2)
  })

  test('a stale revision is a conflict: nothing is sent and nothing lost until somebody chooses', async () => {
    const save = vi.fn<Save>(async () => {
      throw new ApiError(409, 'Conflict', 'It was changed elsewhere', [], { revision: 7 })
    })
    const { autosave, phase } = saving(save)
    autosave.changed(named('One'))
    await vi.advanceTimersByTimeAsync(700)
    expect(phase()).toBe('conflict')
    autosave.changed(named('Two'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(save).toHaveBeenCalledTimes(1)
    expect(readDraft('w')?.document.name).toBe('Two')
    save.mockImplementation(async () => answer(8))
    await autosave.overwrite(7)
    expect(save.mock.lastCall?.[0]).toBe(7)
    expect(save.mock.lastCall?.[1]).toMatchObject({ name: 'Two', graph: base.graph })
    expect(phase()).toBe('saved')
  })

  test('what the server refuses stays here and is not sent over and over', async () => {
    const save = vi.fn<Save>(async () => {
      throw new ApiError(400, 'Bad request', 'The name is too long')
    })
    const { autosave, phase } = saving(save)
    autosave.changed(named('One'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(save).toHaveBeenCalledTimes(1)
    expect(phase()).toBe('refused')
    expect(readDraft('w')?.document.name).toBe('One')
  })

  test('a flush saves at once, and never beside a save that is under way', async () => {
    let finish: (workflow: Workflow) => void = () => undefined
    const save = vi.fn<Save>(() => new Promise(resolve => (finish = resolve)))
    const { autosave, phase } = saving(save)
    autosave.changed(named('One'))
    void autosave.flush()
    autosave.changed(named('Two'))
    const flushed = autosave.flush()
    expect(save).toHaveBeenCalledExactlyOnceWith(1, { name: 'One' })
    expect(readDraft('w')).toMatchObject({ revision: 1, document: { name: 'Two' }, sending: { name: 'One' } })
    finish(answer(2))
    await vi.advanceTimersByTimeAsync(0)
    finish(answer(3))
    await flushed
    expect(save).toHaveBeenLastCalledWith(2, { name: 'Two' })
    expect(phase()).toBe('saved')
  })

  test('a change taken back before it was saved is not sent', async () => {
    const save = vi.fn<Save>(async () => answer(2))
    const { autosave, phase } = saving(save)
    autosave.changed(named('One'))
    autosave.changed({ ...base })
    await vi.advanceTimersByTimeAsync(1000)
    expect(save).not.toHaveBeenCalled()
    expect(phase()).toBe('saved')
  })
})

test('a workflow always has a name', () => {
  expect(difference(base, named('  '))).toEqual({ name: 'Untitled workflow' })
})

test('only what changed is sent', () => {
  expect(difference(base, { ...base })).toEqual({})
  expect(difference(base, { ...base, graph: { ...base.graph } })).toEqual({ graph: base.graph })
})
