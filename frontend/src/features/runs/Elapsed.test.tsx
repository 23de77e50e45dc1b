import { act, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { show } from '@/test/render'
import { Elapsed, secondsFrom } from './Elapsed'

const NOON = Date.parse('2026-01-02T12:00:00Z')
const at = (seconds: number) => new Date(NOON + seconds * 1000).toISOString()

describe('secondsFrom', () => {
  it('counts to the end, else until now, and never below nothing', () => {
    expect(secondsFrom(at(0), at(2.5))).toBe(2.5)
    expect(secondsFrom(at(0), null, NOON + 4000)).toBe(4)
    expect(secondsFrom(at(9), null, NOON)).toBe(0)
  })
})

describe('Elapsed', () => {
  beforeEach(() => vi.useFakeTimers({ now: NOON + 3000 }))
  afterEach(() => vi.useRealTimers())

  it('ticks while the time runs', () => {
    show(<Elapsed start={at(0)} end={null} running />)
    expect(screen.getByText('3.0 s')).toBeVisible()
    act(() => vi.advanceTimersByTime(1200))
    expect(screen.getByText('4.2 s')).toBeVisible()
  })

  it('stands still at the end, and leaves no clock behind', () => {
    show(<Elapsed start={at(0)} end={at(2)} running={false} />)
    expect(screen.getByText('2.0 s')).toBeVisible()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('says nothing of what has not begun, or waits for somebody', () => {
    const { container } = show(
      <p>
        <Elapsed start={null} end={null} running />
        <Elapsed start={at(0)} end={null} running={false} />
      </p>,
    )
    expect(container.querySelector('p')).toBeEmptyDOMElement()
  })
})
