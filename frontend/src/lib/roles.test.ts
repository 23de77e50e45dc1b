import { expect, test } from 'vitest'
import { includes } from './roles'

test.each([
  ['viewer', 'runner', false],
  ['runner', 'runner', true],
  ['runner', 'editor', false],
  ['editor', 'editor', true],
  ['owner', 'editor', true],
  [undefined, 'owner', true],
] as const)('a %s may do what a %s may: %s', (role, needed, allowed) => {
  expect(includes(role, needed)).toBe(allowed)
})
