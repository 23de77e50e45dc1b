import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { graphOf } from '@/test/graphOf'
import { readDraft } from './drafts'
import { Keeper } from './keeper'

/** A window in which somebody types. */
function typing(id = 'w') {
  let name = ''
  const kept: boolean[] = []
  const input = { kind: 'none' as const, title: '', sample: '' }
  const draft = () => ({ revision: 1, document: { name, description: '', input, graph: graphOf('a>b') } })
  const keeper = new Keeper(id, draft, each => kept.push(each))
  const type = (next: string) => {
    name = next
    keeper.soon()
  }
  return { keeper, type, kept }
}
const found = () => readDraft('w')?.document.name

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('what a browser keeps', () => {
  test('is the first letter at once, and the ones after it a moment later, written once', () => {
    const written = vi.spyOn(Storage.prototype, 'setItem')
    const { type } = typing()
    for (const name of ['W', 'Wo', 'Wor', 'Word']) type(name)
    expect(found()).toBe('W')
    vi.advanceTimersByTime(400)
    expect(found()).toBe('Word')
    expect(written).toHaveBeenCalledTimes(2)
    vi.advanceTimersByTime(4000)
    expect(written).toHaveBeenCalledTimes(2)
  })

  test('is the last letter too when the page is left', () => {
    const { keeper, type } = typing()
    type('W')
    type('Wo')
    keeper.rest()
    expect(found()).toBe('Wo')
  })

  test('goes when the server has it, and does not come back', () => {
    const { keeper, type } = typing()
    type('W')
    type('Wo')
    keeper.drop()
    vi.advanceTimersByTime(4000)
    expect(found()).toBeUndefined()
  })

  test('is not taken away by another window that has saved its own', () => {
    const mine = typing()
    const other = typing()
    other.type('Theirs')
    mine.type('Mine')
    other.keeper.drop()
    expect(found()).toBe('Mine')
    mine.keeper.drop()
    expect(found()).toBeUndefined()
  })

  test('is said not to be kept where there is no room', () => {
    const { keeper, type, kept } = typing()
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    type('W')
    expect(kept).toEqual([false])
    vi.restoreAllMocks()
    keeper.now()
    expect(kept).toEqual([false, true])
  })
})
