import { useSyncExternalStore } from 'react'
import { duration } from '@/lib/format'
import { serverNow } from '@/lib/serverClock'

/** One clock for all times on the screen; it stands still while nobody looks at it. */
const TICK = 100 // ms
const watchers = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  timer ??= setInterval(() => {
    for (const each of watchers) each()
  }, TICK)
  return () => {
    watchers.delete(watcher)
    if (watchers.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

const never = () => () => {}

/** Seconds from one moment to another, or until now. */
export function secondsFrom(start: string, end: string | null, now: number = serverNow()): number {
  return Math.max(0, ((end === null ? now : Date.parse(end)) - Date.parse(start)) / 1000)
}

interface Props {
  start: string | null
  end: string | null
  /** Whether the time still runs. What neither runs nor ended has none. */
  running: boolean
  className?: string | undefined
}

/** How long something takes or took. It is drawn again only when its words change. */
export function Elapsed({ start, end, running, className }: Props) {
  const words = useSyncExternalStore(running && end === null ? watch : never, () =>
    start === null || (end === null && !running) ? null : duration(secondsFrom(start, end)),
  )
  return words === null ? null : <span className={className}>{words}</span>
}
