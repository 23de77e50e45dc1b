import { act } from '@testing-library/react'
import { expect, test } from 'vitest'
import { graphOf } from '@/test/graphOf'
import { useSurroundings } from './context'
import { showInEditor } from './showInEditor'

test('the same words said twice are another text, and look the same', () => {
  const found: { undo?: () => void } = {}
  function Keeps() {
    found.undo = useSurroundings().actions.undo
    return null
  }
  const { heard } = showInEditor(<Keeps />, { graph: graphOf('a>b') })
  const said = [1, 2, 3].map(() => {
    act(() => found.undo?.())
    return heard()
  })
  expect(said[1]).not.toBe(said[0])
  expect(said[2]).not.toBe(said[1])
  expect(said.map(words => words?.replace('\u200b', ''))).toEqual(['Undone', 'Undone', 'Undone'])
})
