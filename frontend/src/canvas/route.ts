import { HEIGHT, type Place, WIDTH } from './layout'

/** A straight piece of a pipe, above or below the boxes that stand in its way. */
export interface Lane {
  from: number
  to: number
  y: number
}

/** As in a picture: `y` grows downwards, places are a box's upper left corner. */
interface Reach {
  left: number
  right: number
  top: number
  bottom: number
}

/** What stays free between a lane and a box: half of what stands between two rows. */
const FREE = 22
/** A pipe that comes closer than this to a box is hidden by it. */
const CLOSE = 6
/** What a pipe needs to come from its end to its lane. */
const BEND = 40
/** Between two lanes side by side: the words on one do not touch the other. */
const APART = 24
const SAMPLES = 32

/** The lanes of those pipes that would run behind a box otherwise, by the number of the pipe. */
export function lanes(
  places: ReadonlyMap<string, Place>,
  pipes: readonly { source: string; target: string }[],
): Map<number, Lane> {
  const needed: { at: number; lane: Lane; startY: number }[] = []
  const boxes = [...places].map(([id, { x, y }]) => ({ id, ...reachOf(x, y) }))
  pipes.forEach(({ source, target }, at) => {
    const from = places.get(source)
    const to = places.get(target)
    if (!from || !to) return
    const others = boxes.filter(({ id }) => id !== source && id !== target)
    const start = { x: from.x + WIDTH, y: from.y + HEIGHT / 2 }
    const lane = laneAround(start, { x: to.x, y: to.y + HEIGHT / 2 }, others)
    if (lane) needed.push({ at, lane, startY: start.y })
  })
  // The shortest lies innermost: then those around it do not cross it.
  needed.sort((a, b) => lengthOf(a.lane) - lengthOf(b.lane))
  const found = new Map<number, Lane>()
  for (const { at, lane, startY } of needed) found.set(at, besideOthers(lane, startY, [...found.values()]))
  return found
}

/** How a pipe with a lane is drawn, from its end to its other end. */
export function pathAlong({ from, to, y }: Lane, start: Place, end: Place): string {
  const [into, out] = [(start.x + from) / 2, (to + end.x) / 2]
  return (
    `M${start.x},${start.y} C${into},${start.y} ${into},${y} ${from},${y} ` +
    `L${to},${y} C${out},${y} ${out},${end.y} ${end.x},${end.y}`
  )
}

function lengthOf({ from, to }: Lane): number {
  return to - from
}

function reachOf(x: number, y: number): Reach {
  return { left: x, right: x + WIDTH, top: y, bottom: y + HEIGHT }
}

function laneAround(start: Place, end: Place, boxes: readonly Reach[]): Lane | null {
  const between = boxes.filter(({ left, right }) => right > start.x && left < end.x)
  const hit = between.filter(box => curveMeets(start, end, box))
  if (hit.length === 0) return null
  const above = clearOf(hit, between, 'above', start, end)
  const below = clearOf(hit, between, 'below', start, end)
  const detour = ({ y }: Lane) => Math.abs(y - start.y) + Math.abs(y - end.y)
  return detour(above) <= detour(below) ? above : below
}

/** Whether the curve that a pipe is without a lane touches a box. */
function curveMeets(start: Place, end: Place, { left, right, top, bottom }: Reach): boolean {
  if (Math.max(start.y, end.y) < top - CLOSE || Math.min(start.y, end.y) > bottom + CLOSE) return false
  for (let at = 0; at <= SAMPLES; at += 1) {
    const t = at / SAMPLES
    // A Bézier curve that is level at both ends, its handles halfway.
    const x = start.x + (end.x - start.x) * (1.5 * t * (1 - t) + t ** 3)
    const y = start.y + (end.y - start.y) * t * t * (3 - 2 * t)
    if (x > left && x < right && y > top - CLOSE && y < bottom + CLOSE) return true
  }
  return false
}

/** The lane nearest to the boxes that are hit, on this side of all that would stand in it. */
function clearOf(
  hit: readonly Reach[],
  between: readonly Reach[],
  side: 'above' | 'below',
  start: Place,
  end: Place,
): Lane {
  const around = new Set(hit)
  for (;;) {
    const all = [...around]
    const y =
      side === 'above'
        ? Math.min(...all.map(box => box.top)) - FREE
        : Math.max(...all.map(box => box.bottom)) + FREE
    const from = Math.max(start.x + BEND, Math.min(...all.map(box => box.left)) - BEND)
    const to = Math.min(end.x - BEND, Math.max(...all.map(box => box.right)) + BEND)
    const next = between.find(
      box =>
        !around.has(box) &&
        box.left < to &&
        box.right > from &&
        y > box.top - CLOSE &&
        y < box.bottom + CLOSE,
    )
    if (!next) return { from, to, y }
    around.add(next)
  }
}

/** Lanes never lie on one another: the later one goes further out. */
function besideOthers(lane: Lane, startY: number, others: readonly Lane[]): Lane {
  const out = lane.y < startY ? -APART : APART
  let { y } = lane
  const taken = (other: Lane) => Math.abs(other.y - y) < APART && other.from < lane.to && lane.from < other.to
  while (others.some(taken)) y += out
  return { ...lane, y }
}
