import { expect, test } from 'vitest'
import { ApiError, unreachable } from '@/api/errors'
import type { Workflow } from '@/api/types'
import { graphOf } from '@/test/graphOf'
import { Autosave, type Save } from './model/autosave'
import type { Document } from './model/changes'
import { saveFirst } from './saveFirst'

const input = { kind: 'none' as const, title: '', sample: '' }
const base: Document = { name: 'Words', description: '', input, graph: graphOf('a') }

function changed(save: Save): Autosave {
  const start = { document: base, revision: 1, problems: [] }
  const autosave = new Autosave('w', start, save, () => Promise.reject(unreachable()))
  autosave.changed({ ...base, name: 'One' })
  return autosave
}

test('goes on once the last change is saved', async () => {
  const autosave = changed(async () => ({ revision: 2, problems: [] }) as unknown as Workflow)
  await expect(saveFirst(autosave)).resolves.toBeUndefined()
})

test.each([
  ['the server is away', unreachable(), 'cannot be reached'],
  ['the server refuses it', new ApiError(400, 'Bad request', 'The name is too long'), 'The name is too long'],
  [
    'somebody else saved',
    new ApiError(409, 'Conflict', 'It was changed elsewhere'),
    'It was changed elsewhere',
  ],
])('goes no further where %s: an older version is not what was meant', async (_, error, words) => {
  const autosave = changed(async () => {
    throw error
  })
  await expect(saveFirst(autosave)).rejects.toThrow(words)
  autosave.stop()
})
