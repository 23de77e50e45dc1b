import { describe, expect, it } from 'vitest'
import { firstView } from './view'

const row = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: `${at}`, position: { x: at * 356, y: 0 } }))

describe('firstView', () => {
  it('shows all of a workflow that can be read so, and blows no small one up', () => {
    expect(firstView(row(3), { width: 1200, height: 700 }).zoom).toBeGreaterThan(0.5)
    expect(firstView(row(1), { width: 1200, height: 700 }).zoom).toBe(1)
  })

  it('begins at the first step where all of it would be too small to read', () => {
    for (const [count, width] of [
      [4, 390],
      [65, 1200],
    ] as const) {
      const view = firstView(row(count), { width, height: 700 })
      expect(view.zoom).toBeGreaterThan(0.5)
      expect(view.x).toBe(24)
    }
  })

  it('begins at what is chosen where that would be out of sight', () => {
    const width = 1200
    const { x, zoom } = firstView(row(65), { width, height: 700 }, '40')
    const left = x + 40 * 356 * zoom
    expect(left).toBeGreaterThan(0)
    expect(left + 224 * zoom).toBeLessThan(width)
    expect(firstView(row(65), { width, height: 700 }, '0').x).toBe(24)
  })
})
