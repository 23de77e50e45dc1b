import { describe, expect, test } from 'vitest'
import { HEIGHT, type Place, WIDTH } from './layout'
import { lanes, pathAlong } from './route'

const COLUMN = WIDTH + 100
const ROW = HEIGHT + 44
/** Boxes by column and row. */
const boxes = (of: Record<string, [number, number]>): Map<string, Place> =>
  new Map(Object.entries(of).map(([id, [column, row]]) => [id, { x: column * COLUMN, y: row * ROW }]))
const pipe = (ends: string) => ({ source: ends[0] ?? '', target: ends[1] ?? '' })
const inRow = { a: [0, 0], b: [1, 0], c: [2, 0] } satisfies Record<string, [number, number]>

describe('a pipe', () => {
  test('to the next column needs no lane', () => {
    expect(lanes(boxes(inRow), [pipe('ab'), pipe('bc')]).size).toBe(0)
  })

  test('that would run behind a box goes around it', () => {
    const lane = lanes(boxes(inRow), [pipe('ac')]).get(0)
    expect(lane?.y).toBe(-22)
    expect(lane?.from).toBeLessThan(COLUMN)
    expect(lane?.to).toBeGreaterThan(COLUMN + WIDTH)
  })

  test('takes the side where the way is shorter', () => {
    const places = boxes({ a: [0, 0], b: [1, 1], c: [2, 2], d: [1, 0], e: [2, 0.4] })
    const lane = lanes(places, [pipe('ac'), pipe('ae')])
    expect(lane.get(0)?.y).toBe(ROW + HEIGHT + 22)
    expect(lane.get(1)?.y).toBe(HEIGHT + 22)
  })

  test('that passes a box with room to spare stays as it is', () => {
    const places = boxes({ a: [0, 0], b: [1, 2], c: [2, 0] })
    expect(lanes(places, [pipe('ac')]).size).toBe(0)
  })

  test('goes around all that stands in its lane', () => {
    const places = boxes({ a: [0, 0], b: [1, 0], up: [1, -0.75], down: [1, 0.8], c: [2, 0] })
    const lane = lanes(places, [pipe('ac')]).get(0)
    expect(lane?.y).toBe(-0.75 * ROW - 22)
  })

  test('does not lie on another one', () => {
    const places = boxes({ ...inRow, d: [-1, 0] })
    const found = lanes(places, [pipe('ac'), pipe('dc'), pipe('db')])
    const ys = [0, 1, 2].map(at => found.get(at)?.y)
    expect(ys).toEqual([-22, -46, -22])
  })

  test('that goes further lies outside of one that does not', () => {
    const places = boxes({ ...inRow, d: [3, 0] })
    const found = lanes(places, [pipe('ad'), pipe('ac')])
    expect([0, 1].map(at => found.get(at)?.y)).toEqual([-46, -22])
  })

  test('whose ends are not there has none', () => {
    expect(lanes(boxes(inRow), [pipe('az')]).size).toBe(0)
  })
})

test('a way around begins and ends where the pipe does, level', () => {
  const path = pathAlong({ from: 100, to: 300, y: -22 }, { x: 0, y: 31 }, { x: 400, y: 50 })
  expect(path).toBe('M0,31 C50,31 50,-22 100,-22 L300,-22 C350,-22 350,50 400,50')
})
