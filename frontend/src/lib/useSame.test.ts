import { renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { sameSet, useSame } from './useSame'

test('a value that means the same stays the very same', () => {
  const first = [{ node: 'a', message: 'Fill it in' }]
  const { result, rerender } = renderHook(({ value }) => useSame(value), { initialProps: { value: first } })
  rerender({ value: [{ node: 'a', message: 'Fill it in' }] })
  expect(result.current).toBe(first)
  const other = [{ node: 'b', message: 'Fill it in' }]
  rerender({ value: other })
  expect(result.current).toBe(other)
})

test('sets are the same if each has what the other has', () => {
  expect(sameSet(new Set(['a', 'b']), new Set(['b', 'a']))).toBe(true)
  expect(sameSet(new Set(['a', 'b']), new Set(['a', 'c']))).toBe(false)
  expect(sameSet(new Set(['a']), new Set(['a', 'c']))).toBe(false)
})
