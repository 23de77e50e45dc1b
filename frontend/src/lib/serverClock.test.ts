import { describe, expect, it } from 'vitest'
import { heardDate, heardMessage, serverNow } from './serverClock'

const NOON = Date.parse('2026-01-02T12:00:00Z')
const MINUTE = 60_000
const header = (at: number) => new Date(at).toUTCString()

describe('serverClock', () => {
  it('goes by the server where this machine is minutes ahead or behind', () => {
    heardDate(header(NOON), NOON + 5 * MINUTE)
    expect(Math.abs(serverNow(NOON + 5 * MINUTE) - NOON)).toBeLessThanOrEqual(1000)
    heardDate(header(NOON), NOON - 5 * MINUTE)
    expect(Math.abs(serverNow(NOON - 5 * MINUTE) - NOON)).toBeLessThanOrEqual(1000)
  })

  it('is not moved by a blur of less than a second, nor by what is no date', () => {
    heardDate(header(NOON), NOON)
    const before = serverNow(NOON)
    heardDate(header(NOON), NOON + 900)
    heardDate('soon', NOON)
    heardDate(null, NOON)
    heardMessage('soon', NOON)
    expect(serverNow(NOON)).toBe(before)
  })

  it('is never behind a message that came, and never goes back for an old one', () => {
    heardMessage(new Date(NOON + 400).toISOString(), NOON)
    expect(serverNow(NOON)).toBeGreaterThanOrEqual(NOON + 400)
    const before = serverNow(NOON)
    heardMessage(new Date(NOON - 10 * MINUTE).toISOString(), NOON)
    expect(serverNow(NOON)).toBe(before)
  })
})
