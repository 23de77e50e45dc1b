import { describe, expect, it } from 'vitest'
import { appended, EMPTY_LOG, lines } from './log'

describe('appended', () => {
  it('takes pieces as they come, also where bytes were no text and had to be replaced', () => {
    const first = appended(EMPTY_LOG, 0, 'gr\uFFFDn\n')
    expect(appended(first, 5, 'x\n').text).toBe('gr\uFFFDn\nx\n')
  })

  it('begins anew where the log is told again', () => {
    const both = appended(appended(EMPTY_LOG, 0, 'one\n'), 4, 'two\n')
    const again = appended(both, 0, 'one\n')
    expect(again).toMatchObject({ text: 'one\n', cut: false })
    expect(appended(again, 4, 'two\n').text).toBe('one\ntwo\n')
  })

  it('knows that the beginning is missing', () => {
    expect(appended(EMPTY_LOG, 100, 'late\n').cut).toBe(true)
  })

  it('lets the beginning of a very long log go, at the end of a line', () => {
    const long = appended(EMPTY_LOG, 0, `${'x'.repeat(99)}\n`.repeat(3000))
    expect(long.cut).toBe(true)
    expect(long.text.length).toBeLessThan(250_000)
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
