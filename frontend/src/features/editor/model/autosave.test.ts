import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ApiError, unreachable } from '@/api/errors'
import type { Workflow } from '@/api/types'
import { graphOf } from '@/test/graphOf'
import { Autosave, type Load, type Save } from './autosave'
import type { Document } from './changes'
import { readDraft } from './drafts'

const base: Document = {
  name: 'Words',
  description: '',
  input: { kind: 'none', title: '', sample: '' },
  graph: graphOf('a>b'),
}
const named = (name: string): Document => ({ ...base, name })
const ruled = (value: string): Document => {
  const [edge] = base.graph.edges
  const rule = { all: [{ field: 'total', test: 'matches' as const, value }] }
  return { ...base, graph: { ...base.graph, edges: edge ? [{ ...edge, rule }] : [] } }
}
const ruleIn = (draft: Parameters<Save>[1] | undefined) => draft?.graph?.edges[0]?.rule
const answer = (revision: number) => ({ revision, problems: [] }) as unknown as Workflow

const stored = (revision: number, document: Document): Workflow =>
  ({ ...document, revision, problems: [] }) as unknown as Workflow

function saving(save: Save, load: Load = async () => stored(7, named('Theirs'))) {
  const autosave = new Autosave('w', { document: base, revision: 1, problems: [] }, save, load)
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

  test('what is typed right before the page is left is in the browser’s keeping, whatever becomes of the save', async () => {
    const { autosave } = saving(() => new Promise(() => undefined))
    autosave.changed(named('One'))
    autosave.changed(named('Two'))
    void autosave.flush()
    autosave.changed(named('Three'))
    void autosave.flush()
    expect(readDraft('w')?.document.name).toBe('Three')
  })

  test('says where this browser has no room to keep it', async () => {
    const full = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    const save = vi.fn<Save>(async () => {
      throw unreachable()
    })
    const { autosave, phase } = saving(save)
    autosave.changed(named('One'))
    await vi.advanceTimersByTimeAsync(700)
    expect([phase(), autosave.state.getState().kept]).toEqual(['retrying', false])
    full.mockRestore()
    save.mockImplementation(async () => answer(2))
    await vi.advanceTimersByTimeAsync(1100)
    expect([phase(), autosave.state.getState().kept]).toEqual(['saved', true])
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

  test('nor is one that was undone, which leaves the very document that was saved', async () => {
    const save = vi.fn<Save>(async () => answer(2))
    const { autosave, phase } = saving(save)
    autosave.changed(named('One'))
    autosave.changed(base)
    await vi.advanceTimersByTimeAsync(1000)
    expect(save).not.toHaveBeenCalled()
    expect(phase()).toBe('saved')
    expect(readDraft('w')).toBeNull()
  })
})

describe('a save whose answer gets lost', () => {
  /** A server that saves as the real one does, and whose first answers never come. */
  function forgetful(lost: number) {
    let there = stored(1, base)
    const save = vi.fn<Save>(async (revision, draft) => {
      if (revision !== there.revision) throw new ApiError(409, 'Conflict', 'It was changed elsewhere')
      there = { ...there, ...draft, revision: there.revision + 1 } as Workflow
      if (save.mock.calls.length <= lost) throw unreachable()
      return there
    })
    const load = vi.fn<Load>(async () => there)
    const others = (name: string) => {
      there = stored(there.revision + 1, named(name))
    }
    return { ...saving(save, load), save, load, others, name: () => there.name }
  }

  test('is no conflict: it counts, and the next one goes on from it', async () => {
    const { autosave, phase, name } = forgetful(1)
    autosave.changed(named('One'))
    await vi.advanceTimersByTimeAsync(700)
    expect(phase()).toBe('retrying')
    autosave.changed(named('Two'))
    await vi.advanceTimersByTimeAsync(3000)
    expect([phase(), name()]).toEqual(['saved', 'Two'])
    expect(autosave.state.getState().revision).toBe(3)
    expect(readDraft('w')).toBeNull()
  })

  test('and was the last change is found to be saved', async () => {
    const { autosave, phase, save } = forgetful(1)
    autosave.changed(named('One'))
    await vi.advanceTimersByTimeAsync(5000)
    expect(phase()).toBe('saved')
    expect(autosave.state.getState().revision).toBe(2)
    expect(save).toHaveBeenCalledTimes(2)
  })

  test('is a conflict where somebody else saved after it', async () => {
    const { autosave, phase, others } = forgetful(1)
    autosave.changed(named('One'))
    await vi.advanceTimersByTimeAsync(700)
    others('Theirs')
    await vi.advanceTimersByTimeAsync(5000)
    expect(phase()).toBe('conflict')
  })

  test('or in its place', async () => {
    let calls = 0
    const { autosave, phase } = saving(
      async () => {
        calls += 1
        throw calls > 1 ? new ApiError(409, 'Conflict', 'It was changed elsewhere') : unreachable()
      },
      async () => stored(2, named('Theirs')),
    )
    autosave.changed(named('One'))
    await vi.advanceTimersByTimeAsync(5000)
    expect(phase()).toBe('conflict')
  })

  test('is asked after again where the server is away once more', async () => {
    const { autosave, phase, load } = forgetful(1)
    load.mockRejectedValueOnce(unreachable())
    autosave.changed(named('One'))
    await vi.advanceTimersByTimeAsync(2500)
    expect(phase()).toBe('retrying')
    await vi.advanceTimersByTimeAsync(5000)
    expect(phase()).toBe('saved')
  })

  test('of what is beside the document does not stand in the way of the next one', async () => {
    const { autosave, phase } = forgetful(1)
    await expect(autosave.also({ armed: 1 })).rejects.toThrow('cannot be reached')
    await expect(autosave.also({ armed: 1 })).resolves.toMatchObject({ revision: 3 })
    expect(phase()).toBe('saved')
  })
})

describe('a rule that cannot be saved', () => {
  test('is half written: all else is saved, and what was typed stays in the browser’s keeping', async () => {
    const save = vi.fn<Save>(async () => answer(2))
    const { autosave, phase } = saving(save)
    autosave.changed({ ...ruled(''), name: 'One' })
    await vi.advanceTimersByTimeAsync(1000)
    expect(save.mock.lastCall?.[1]).toMatchObject({ name: 'One' })
    expect(phase()).toBe('saved')
    expect(readDraft('w')).toMatchObject({ revision: 2, document: { name: 'One' } })
    expect(ruleIn(readDraft('w')?.document)).toEqual({
      all: [{ field: 'total', test: 'matches', value: '' }],
    })
    autosave.changed({ ...ruled('a'), name: 'One' })
    await vi.advanceTimersByTimeAsync(1000)
    expect(readDraft('w')).toBeNull()
  })

  test('is refused: it is left out, said where it is, and all else is saved', async () => {
    const problem = { node: null, edge: '0', field: 'rule.all.0.value', message: '“value” cannot be read.' }
    const save = vi.fn<Save>(async (_, draft) => {
      const said = JSON.stringify(ruleIn(draft))
      if (said?.includes('(')) throw new ApiError(400, 'Bad request', '', [problem])
      return answer(2)
    })
    const { autosave, phase } = saving(save)
    autosave.changed({ ...ruled('('), name: 'One' })
    await vi.advanceTimersByTimeAsync(1000)
    expect(phase()).toBe('saved')
    expect(save.mock.lastCall?.[1]).toMatchObject({ name: 'One' })
    expect(ruleIn(save.mock.lastCall?.[1])).toEqual({ all: [{ field: 'total', test: 'is', value: '' }] })
    const said = { node: 'a', edge: '0', field: 'rule.all.0', message: '“(” cannot be read.' }
    expect(autosave.state.getState().problems).toEqual([said])
    expect(autosave.refused()).toEqual([said])
    expect(ruleIn(readDraft('w')?.document)).toEqual({
      all: [{ field: 'total', test: 'matches', value: '(' }],
    })

    const asked = save.mock.calls.length
    autosave.changed({ ...ruled('('), name: 'Two' })
    await vi.advanceTimersByTimeAsync(1000)
    expect(save).toHaveBeenCalledTimes(asked + 1)
    autosave.changed({ ...ruled('a'), name: 'Two' })
    await vi.advanceTimersByTimeAsync(1000)
    expect(autosave.refused()).toEqual([])
    expect(readDraft('w')).toBeNull()
  })

  test('is refused even so: then nothing is sent over and over', async () => {
    const problem = { node: null, edge: '0', field: 'rule.all.0.value', message: '“value” cannot be read.' }
    const save = vi.fn<Save>(async () => {
      throw new ApiError(400, 'Bad request', '', [problem])
    })
    const { autosave, phase } = saving(save)
    autosave.changed(ruled('('))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(phase()).toBe('refused')
    expect(save).toHaveBeenCalledTimes(2)
  })
})

describe('what is saved beside the document', () => {
  test('has its turn after what is under way, and all else comes after it', async () => {
    const finish: ((workflow: Workflow) => void)[] = []
    const save = vi.fn<Save>(() => new Promise(resolve => finish.push(resolve)))
    const { autosave, phase } = saving(save)
    autosave.changed(named('One'))
    const armed = autosave.also({ armed: 1 })
    autosave.changed(named('Two'))
    await vi.advanceTimersByTimeAsync(0)
    expect(save.mock.calls).toEqual([[1, { name: 'One' }]])
    finish[0]?.(answer(2))
    await vi.advanceTimersByTimeAsync(0)
    expect(save).toHaveBeenLastCalledWith(2, { armed: 1 })
    autosave.changed(named('Three'))
    await vi.advanceTimersByTimeAsync(1000)
    expect(save).toHaveBeenCalledTimes(2)
    finish[1]?.(answer(3))
    await armed
    expect(readDraft('w')).toMatchObject({ revision: 3, document: { name: 'Three' } })
    await vi.advanceTimersByTimeAsync(1000)
    expect(save).toHaveBeenLastCalledWith(3, { name: 'Three' })
    finish[2]?.(answer(4))
    await vi.advanceTimersByTimeAsync(0)
    expect(phase()).toBe('saved')
  })

  test('that meets what somebody else saved is a conflict, and says so to whoever asked', async () => {
    const { autosave, phase } = saving(async () => {
      throw new ApiError(409, 'Conflict', 'It was changed elsewhere', [], { revision: 7 })
    })
    await expect(autosave.also({ armed: 1 })).rejects.toThrow('It was changed elsewhere')
    expect(phase()).toBe('conflict')
  })
})
