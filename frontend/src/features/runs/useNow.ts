import { useEffect, useState } from 'react'

/** The time, anew ten times a second while something moves. */
export function useNow(moving: boolean): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!moving) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 100)
    return () => clearInterval(timer)
  }, [moving])
  return now
}

/** Seconds from `start` to `end`, or until now on the server's clock. */
export function seconds(start: string | null, end: string | null, now: number, skew: number): number | null {
  if (start === null) return null
  const until = end === null ? now - skew : Date.parse(end)
  return Math.max(0, (until - Date.parse(start)) / 1000)
}
