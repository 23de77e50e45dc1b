import { expect, test } from 'vitest'
import { readManifest } from './manifest'

test('YAML and JSON are both read', async () => {
  const read = { manifest: { slug: 'shout', command: ['tr'] }, error: null }
  expect(await readManifest('slug: shout\ncommand: [tr]\n')).toEqual(read)
  expect(await readManifest('{"slug": "shout", "command": ["tr"]}')).toEqual(read)
})

test('what cannot be read is told with its line', async () => {
  const { error } = await readManifest('slug: shout\ncommand: [tr\ntitle: x')
  expect(error).toMatch(/^Line \d+ cannot be read as YAML: /)
  expect((await readManifest('{"slug": ')).error).toMatch(/^This is not whole JSON/)
})

test('a text that is no manifest is told so', async () => {
  expect((await readManifest('just words')).error).toMatch(/slug: shout/)
})
