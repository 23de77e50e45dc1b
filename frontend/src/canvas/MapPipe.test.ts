import { type EdgeProps, Position } from '@xyflow/react'
import { expect, test } from 'vitest'
import type { MapEdge, PipeData } from './elements'
import { drawn, wordsWidth } from './MapPipe'

test('words on a pipe leave the boxes at its ends free, and can still be read on a short one', () => {
  expect(wordsWidth(600)).toBe(208)
  expect(wordsWidth(150)).toBe(134)
  expect(wordsWidth(40)).toBe(72)
})

const pipe = (data: Partial<PipeData>) =>
  drawn({
    sourceX: 0,
    sourceY: 0,
    targetX: 200,
    targetY: 100,
    sourcePosition: Position.Right,
    targetPosition: Position.Left,
    data,
  } as EdgeProps<MapEdge>)

test('words lie in the middle of a pipe, or of its lane, and at its end where several fan out', () => {
  expect(pipe({})).toMatchObject({ x: 100, y: 50, anchor: '-50%' })
  const lane = { from: 40, to: 160, y: -22 }
  expect(pipe({ lane, fans: true })).toMatchObject({ x: 100, y: -22, anchor: '-50%' })
  expect(pipe({ fans: true })).toMatchObject({ x: 178, y: 90, anchor: '-100%' })
})
