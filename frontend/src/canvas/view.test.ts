import { describe, expect, it } from 'vitest'
import { boundsOfChosen, firstView, movedToShow } from './view'

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

describe('what is chosen', () => {
  const room = { width: 700, height: 500 }
  const bounds = (x: number, y = 0, width = 224) => ({ x, y, width, height: 62 })
  const view = { x: 0, y: 0, zoom: 1 }

  it('moves nothing while it is seen', () => {
    expect(movedToShow(bounds(400, 300), view, room)).toBeNull()
  })

  it('is brought into sight by the shortest way, and no nearer', () => {
    expect(movedToShow(bounds(600), view, room)).toEqual({ x: -148, y: 0, zoom: 1 })
    expect(movedToShow(bounds(-300, 100), { ...view, zoom: 0.5 }, room)).toEqual({ x: 174, y: 0, zoom: 0.5 })
  })

  it('is seen from farther away where it is too large', () => {
    const found = movedToShow(bounds(0, 0, 1304), view, room)
    expect(found?.zoom).toBe(0.5)
    expect(found?.x).toBe(24)
  })

  it('is a pipe with both its ends, and the way that it takes around others', () => {
    const [from, to] = row(2)
    const nodes = [from, to] as never
    const edge = { id: 'e', source: '0', target: '1', data: { lane: { from: 0, to: 1, y: -22 } } }
    const found = boundsOfChosen({ nodes, edges: [edge] as never }, '0', 'e')
    expect(found).toEqual({ x: 0, y: -38, width: 356 + 224, height: 100 })
    expect(boundsOfChosen({ nodes, edges: [] }, '1', null)).toEqual({ x: 356, y: 0, width: 224, height: 62 })
    expect(boundsOfChosen({ nodes, edges: [] }, null, null)).toBeNull()
  })
})
