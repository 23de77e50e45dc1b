import { describe, expect, it } from 'vitest'
import { type Box, HEIGHT, layout, type Place, WIDTH } from './layout'

const chain = (ids: string[]) => ids.slice(1).map((id, at) => ({ source: ids[at] ?? '', target: id }))
const at = (places: Map<string, Place>, id: string): Place => {
  const place = places.get(id)
  if (!place) throw new Error(`${id} has no place`)
  return place
}

function overlapping(places: Map<string, Place>): string[] {
  const all = [...places]
  return all.flatMap(([id, one], index) =>
    all
      .slice(index + 1)
      .filter(([, other]) => Math.abs(one.x - other.x) < WIDTH && Math.abs(one.y - other.y) < HEIGHT)
      .map(([other]) => `${id} ${other}`),
  )
}

describe('layout', () => {
  it('keeps the places that somebody chose', () => {
    const boxes: Box[] = [
      { id: 'a', position: { x: 0, y: 0 } },
      { id: 'b', position: { x: 340, y: 90 } },
    ]
    const places = layout(boxes, chain(['a', 'b']))
    expect(at(places, 'a')).toEqual({ x: 0, y: 0 })
    expect(at(places, 'b')).toEqual({ x: 340, y: 90 })
  })

  it('lays out anew where a place is missing', () => {
    const places = layout([{ id: 'a', position: { x: 7, y: 7 } }, { id: 'b' }], chain(['a', 'b']))
    expect(at(places, 'b').x).toBeGreaterThan(at(places, 'a').x + WIDTH)
  })

  it('lays out anew where boxes lie upon each other', () => {
    const boxes = ['a', 'b', 'c'].map(id => ({ id, position: { x: 0, y: 0 } }))
    const places = layout(boxes, chain(['a', 'b', 'c']))
    expect(places.size).toBe(3)
    expect(overlapping(places)).toEqual([])
  })

  it('lays out anew where a pipe would run backwards', () => {
    const boxes: Box[] = [
      { id: 'a', position: { x: 400, y: 0 } },
      { id: 'b', position: { x: 0, y: 0 } },
    ]
    const places = layout(boxes, chain(['a', 'b']))
    expect(at(places, 'b').x).toBeGreaterThan(at(places, 'a').x)
  })

  it('puts branches under each other', () => {
    const boxes = ['a', 'b', 'c', 'd'].map(id => ({ id }))
    const lines = [...chain(['a', 'b', 'd']), ...chain(['a', 'c', 'd'])]
    const places = layout(boxes, lines)
    expect(at(places, 'b').x).toBe(at(places, 'c').x)
    expect(overlapping(places)).toEqual([])
  })

  it('copes with a cycle, with a pipe from nowhere, and with nothing at all', () => {
    expect(layout([], []).size).toBe(0)
    const boxes = [{ id: 'a' }, { id: 'b' }]
    const places = layout(boxes, [...chain(['a', 'b', 'a']), { source: 'gone', target: 'a' }])
    expect(overlapping(places)).toEqual([])
    expect(places.size).toBe(2)
  })

  it('places hundreds of boxes without overlaps', () => {
    const ids = Array.from({ length: 500 }, (_, index) => `n${index}`)
    const lines = ids.slice(1).map((id, index) => ({ source: `n${Math.floor(index / 3)}`, target: id }))
    const places = layout(
      ids.map(id => ({ id })),
      lines,
    )
    expect([...places.keys()].sort()).toEqual([...ids].sort())
    expect(overlapping(places)).toEqual([])
  })
})
