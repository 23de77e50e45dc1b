import { renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { useKeys } from './useKeys'

test('what stands behind one that goes keeps its key, and a new one gets a new one', () => {
  const { result, rerender } = renderHook(({ count }) => useKeys(count), { initialProps: { count: 3 } })
  const [first, , third] = result.current.keys
  result.current.drop(1)
  rerender({ count: 2 })
  expect([...result.current.keys]).toEqual([first, third])
  rerender({ count: 3 })
  expect(new Set(result.current.keys).size).toBe(3)
  expect(result.current.keys.slice(0, 2)).toEqual([first, third])
})
