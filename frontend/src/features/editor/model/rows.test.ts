import { describe, expect, test } from 'vitest'
import { graphOf } from '@/test/graphOf'
import { move } from './graph'
import { belowOf, lastPlace, neighbour, rows } from './rows'

const list = (text: string) => rows(graphOf(text)).map(row => `${row.node.id}${row.direct ? '' : '*'}`)

describe('rows', () => {
  test('a chain stands in the order of its data, whatever the order of its nodes', () => {
    expect(list('b>c a>b')).toEqual(['a', 'b', 'c'])
  })

  test('a branch stays together; the next one says where it reads from', () => {
    expect(list('a>b a>c b>d')).toEqual(['a', 'b', 'd', 'c*'])
  })

  test('a join stands below all its sources', () => {
    expect(list('a>b a>c b>d c>d')).toEqual(['a', 'b', 'c*', 'd*'])
  })

  test('a second start does not seem to read from the card above', () => {
    expect(list('a>b c>d')).toEqual(['a', 'b', 'c*', 'd'])
  })

  test('a circle still shows each step once', () => {
    expect(
      list('a>b b>a c')
        .map(name => name.replace('*', ''))
        .sort(),
    ).toEqual(['a', 'b', 'c'])
  })

  test('a pipe from a step that is not there is overlooked', () => {
    const graph = graphOf('a>b')
    const broken = { ...graph, edges: [...graph.edges, { id: 'x', source: 'gone', target: 'a' }] }
    expect(rows(broken).map(row => row.node.id)).toEqual(['a', 'b'])
  })
})

describe('places', () => {
  test('below a place is the card that reads from it', () => {
    const chain = rows(graphOf('a>b b>c'))
    expect(belowOf(chain, { after: 'a' })).toBe('b')
    expect(belowOf(chain, { after: null })).toBe('a')
    expect(belowOf(chain, { after: 'c' })).toBeUndefined()
    expect(belowOf(rows(graphOf('a>b a>c')), { after: 'b' })).toBeUndefined()
  })

  test('the end is after the last card', () => {
    expect(lastPlace(rows(graphOf('a>b')))).toEqual({ after: 'b' })
    expect(lastPlace([])).toEqual({ after: null })
  })
})

describe('neighbour', () => {
  const shifted = (text: string, id: string, direction: 'up' | 'down') => {
    const graph = graphOf(text)
    const target = neighbour(rows(graph), id, direction)
    return target && rows(move(graph, id, target.place, target.below)).map(row => row.node.id)
  }

  test('up and down change places with the next in a chain', () => {
    expect(shifted('a>b b>c', 'c', 'up')).toEqual(['a', 'c', 'b'])
    expect(shifted('a>b b>c', 'b', 'up')).toEqual(['b', 'a', 'c'])
    expect(shifted('a>b b>c', 'a', 'down')).toEqual(['b', 'a', 'c'])
    expect(shifted('a>b b>c', 'b', 'down')).toEqual(['a', 'c', 'b'])
  })

  test('down and up again is where it was', () => {
    const graph = graphOf('a>b b>c c>d')
    const down = neighbour(rows(graph), 'b', 'down')
    const moved = down ? move(graph, 'b', down.place, down.below) : graph
    const up = neighbour(rows(moved), 'b', 'up')
    const back = up ? move(moved, 'b', up.place, up.below) : moved
    expect(rows(back).map(row => row.node.id)).toEqual(['a', 'b', 'c', 'd'])
  })

  test('the first cannot go up, the last not down', () => {
    expect(shifted('a>b', 'a', 'up')).toBeNull()
    expect(shifted('a>b', 'b', 'down')).toBeNull()
  })

  test('in a branch it goes before its own source, not before the card above', () => {
    expect(shifted('a>b a>c', 'c', 'up')).toEqual(['c', 'a', 'b'])
  })
})
