import { describe, expect, it } from 'vitest'
import { appended, EMPTY_LOG, lines } from './log'

describe('appended', () => {
  it('counts bytes, not characters', () => {
    const first = appended(EMPTY_LOG, 0, 'grün\n')
    expect(first.end).toBe(6)
    expect(appended(first, 6, 'x\n').text).toBe('grün\nx\n')
  })

  it('knows that the beginning is missing', () => {
    expect(appended(EMPTY_LOG, 100, 'late\n').cut).toBe(true)
  })

  it('lets the beginning of a very long log go, at the end of a line', () => {
    const long = appended(EMPTY_LOG, 0, `${'x'.repeat(99)}\n`.repeat(3000))
    expect(long.cut).toBe(true)
    expect(long.text.startsWith('x'.repeat(99))).toBe(true)
  })
})

describe('lines', () => {
  it('tells lines for the person from the others', () => {
    expect(
      lines('a\ncomposer:error No column “x”\ncomposer:progress 0.4 reading\ncomposer:progress 0.5\nb'),
    ).toEqual([
      { kind: 'plain', text: 'a' },
      { kind: 'error', text: 'No column “x”' },
      { kind: 'progress', text: 'reading' },
      { kind: 'plain', text: 'b' },
    ])
  })
})
