import { layout as arrange, graphlib } from '@dagrejs/dagre'

export interface Place {
  x: number
  y: number
}

export interface Box {
  id: string
  /** Where somebody put it; without, it is placed here. */
  position?: Place | undefined
}

export interface Line {
  source: string
  target: string
  /** Its words are a whole rule, and need more room. */
  data?: { wide?: boolean } | undefined
}

export const WIDTH = 224
export const HEIGHT = 62
/** Between two columns there is room for the words on a pipe. */
export const COLUMN_GAP = 156
/** What a rule needs beyond that. */
const RULE_ROOM = 100
const ROW_GAP = 44
/** Above so many boxes the exact method takes seconds. */
const EXACT_MOST = 200

/** Where each box stands. Saved places hold if they make sense as a picture, else the boxes are laid out anew. */
export function layout(boxes: readonly Box[], lines: readonly Line[]): Map<string, Place> {
  return savedPlaces(boxes, lines) ?? freshPlaces(boxes, lines)
}

/** The places as they were saved; null where one is missing, two overlap, or a pipe would run backwards. */
function savedPlaces(boxes: readonly Box[], lines: readonly Line[]): Map<string, Place> | null {
  const places = new Map<string, Place>()
  for (const { id, position } of boxes) {
    if (!position) return null
    places.set(id, position)
  }
  if (overlaps([...places.values()])) return null
  const forward = lines.every(({ source, target }) => {
    const from = places.get(source)
    const to = places.get(target)
    return !from || !to || to.x >= from.x + WIDTH
  })
  return forward ? places : null
}

function overlaps(places: Place[]): boolean {
  const sorted = places.sort((a, b) => a.x - b.x)
  return sorted.some((one, index) => {
    for (let at = index + 1; at < sorted.length; at += 1) {
      const other = sorted[at]
      if (!other || other.x - one.x >= WIDTH) return false
      if (Math.abs(other.y - one.y) < HEIGHT) return true
    }
    return false
  })
}

function freshPlaces(boxes: readonly Box[], lines: readonly Line[]): Map<string, Place> {
  const drawing = new graphlib.Graph({ multigraph: true })
  drawing.setGraph({
    rankdir: 'LR',
    ranksep: COLUMN_GAP,
    nodesep: ROW_GAP,
    ranker: boxes.length > EXACT_MOST ? 'longest-path' : 'network-simplex',
  })
  drawing.setDefaultEdgeLabel(() => ({}))
  for (const { id } of boxes) drawing.setNode(id, { width: WIDTH, height: HEIGHT })
  lines.forEach(({ source, target, data }, index) => {
    if (!drawing.hasNode(source) || !drawing.hasNode(target)) return
    const room = data?.wide ? { width: RULE_ROOM, height: 1, labelpos: 'c' } : {}
    drawing.setEdge(source, target, room, `${index}`)
  })
  arrange(drawing)
  const places = new Map<string, Place>()
  for (const { id } of boxes) {
    const { x, y } = drawing.node(id) as Place
    places.set(id, { x: x - WIDTH / 2, y: y - HEIGHT / 2 })
  }
  return places
}
