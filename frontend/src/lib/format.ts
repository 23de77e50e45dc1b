const UNITS = ['B', 'KB', 'MB', 'GB', 'TB']

/** 310 B, 21 KB, 1.4 MB: number and unit stay on one line. */
export function bytes(count: number): string {
  let value = count
  let unit = 0
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit === 0 || value >= 10 ? 0 : 1
  return `${value.toLocaleString('en', { maximumFractionDigits: digits })}\u00a0${UNITS[unit]}`
}

/** A limit as step authors write it (“256m”), as people read it: 256 MB. */
export function memory(limit: string): string {
  const [, count, unit] = /^(\d+)([kmg])$/i.exec(limit) ?? []
  return count && unit ? `${count}\u00a0${unit.toUpperCase()}B` : limit
}

export function number(count: number): string {
  return count.toLocaleString('en')
}

/** “1 row”, “2,340 rows”. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`
}

/** < 0.1 s, 0.4 s, 12 s, 3 min 5 s, 2 h 10 min. */
export function duration(seconds: number): string {
  if (seconds < 0.05) return '< 0.1 s'
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.floor(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** A limit of time, written out: “45 seconds”, “5 minutes”, “1 hour 30 minutes”. */
export function spell(seconds: number): string {
  const units: [string, number][] = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
    ['second', 1],
  ]
  let rest = Math.max(0, Math.round(seconds))
  const words: string[] = []
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size)
    if (count > 0) words.push(plural(count, unit))
    rest %= size
  }
  return words.slice(0, 2).join(' ') || '0 seconds'
}

/** The first sentence of a message and the rest: “No column “a”. There are b, c.” has a heading and an explanation. */
export function firstSentence(text: string): [first: string, rest: string] {
  const match = /^(.{8,}?[.!?]”?)\s+(?=[\p{Lu}“])(.+)$/su.exec(text.trim())
  return match ? [match[1] ?? '', match[2] ?? ''] : [text.trim(), '']
}

/** “just now”, “2 minutes ago”, “yesterday”, “24 Nov”. */
export function ago(iso: string, now: number = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000)
  if (seconds < 45) return 'just now'
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${plural(minutes, 'minute')} ago`
  const hours = Math.round(minutes / 60)
  if (hours < 24) return `${plural(hours, 'hour')} ago`
  const days = Math.round(hours / 24)
  if (days === 1) return 'yesterday'
  if (days < 7) return `${days} days ago`
  return new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
}
