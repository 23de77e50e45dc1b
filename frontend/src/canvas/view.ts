import {
  getViewportForBounds,
  type Rect,
  useReactFlow,
  useStore,
  useStoreApi,
  type Viewport,
} from '@xyflow/react'
import { useEffect, useRef } from 'react'
import type { Elements, MapNode } from './elements'
import { HEIGHT, WIDTH } from './layout'

/** Small workflows are not blown up. */
export const FIT = { maxZoom: 1, padding: 0.06 }
export const FARTHEST = 0.1
/** Below this the words on the boxes cannot be read. */
const READABLE = 0.6
const AT_FIRST = 0.75
const MARGIN = 24
/** What a lane's words need beside it. */
const LANE = 16

interface Room {
  width: number
  height: number
}

type Placed = Pick<MapNode, 'id' | 'position'>

/** All of the map where it can be read so, else its beginning, or what is chosen, at a size that can be. */
export function firstView(nodes: readonly Placed[], { width, height }: Room, chosen: string | null = null) {
  const whole = getViewportForBounds(boundsOf(nodes), width, height, FARTHEST, FIT.maxZoom, FIT.padding)
  const first = nodes[0]
  if (whole.zoom >= READABLE || !first) return whole
  const beginning = MARGIN - first.position.x * AT_FIRST
  const { x, y } = (nodes.find(node => node.id === chosen) ?? first).position
  return {
    x: Math.min(beginning, width / 2 - (x + WIDTH / 2) * AT_FIRST),
    y: height / 2 - (y + HEIGHT / 2) * AT_FIRST,
    zoom: AT_FIRST,
  }
}

function boundsOf(nodes: readonly Placed[]): Rect {
  const xs = nodes.map(node => node.position.x)
  const ys = nodes.map(node => node.position.y)
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return { x, y, width: Math.max(...xs) + WIDTH - x, height: Math.max(...ys) + HEIGHT - y }
}

/** What is chosen: a box, or a pipe with both its ends and its way around what stands between them. */
export function boundsOfChosen(
  { nodes, edges }: Elements,
  box: string | null,
  pipe: string | null,
): Rect | null {
  const edge = edges.find(each => each.id === pipe)
  const ids = edge ? [edge.source, edge.target] : [box]
  const found = nodes.filter(node => ids.includes(node.id))
  if (found.length === 0) return null
  const bounds = boundsOf(found)
  const lane = edge?.data?.lane
  if (!lane) return bounds
  const top = Math.min(bounds.y, lane.y - LANE)
  return { ...bounds, y: top, height: Math.max(bounds.y + bounds.height, lane.y + LANE) - top }
}

/** The view moved no further than it must be for this to be seen, farther away if it is too large; null if it is seen. */
export function movedToShow(bounds: Rect, view: Viewport, { width, height }: Room): Viewport | null {
  const fits = Math.min((width - 2 * MARGIN) / bounds.width, (height - 2 * MARGIN) / bounds.height)
  const zoom = Math.max(FARTHEST, Math.min(view.zoom, fits))
  // What is in the middle stays there while it is seen from farther away.
  const shrunk = (at: number, size: number) => size / 2 - ((size / 2 - at) * zoom) / view.zoom
  const x = moved(shrunk(view.x, width), bounds.x * zoom, bounds.width * zoom, width)
  const y = moved(shrunk(view.y, height), bounds.y * zoom, bounds.height * zoom, height)
  return zoom === view.zoom && x === view.x && y === view.y ? null : { x, y, zoom }
}

/** Along one side: where the view goes, so that what begins at `from` and is so long lies within the room. */
function moved(at: number, from: number, length: number, room: number): number {
  if (at + from >= 0 && at + from + length <= room) return at
  const first = MARGIN - from
  const last = room - MARGIN - from - length
  return Math.min(Math.max(at, first), Math.max(first, last))
}

/** How it moves; who wants no motion sees it jump. */
function smoothly(): { duration: number } {
  return { duration: window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 200 }
}

/** What opens beside the map takes its room a moment after the map itself has changed. */
const SETTLED = 60 // ms

/** Shows the map when it is opened, and anew when steps or pipes come or go. */
export function useView({ nodes, edges }: Elements, chosen: Rect | null, begin: string | null): void {
  const flow = useReactFlow()
  const store = useStoreApi()
  const ready = useStore(state => state.width > 0 && state.panZoom !== null)
  const before = useRef<string | null>(null)
  useEffect(() => {
    const ids = [...nodes, ...edges].map(each => each.id).join(' ')
    if (!ready || nodes.length === 0 || before.current === ids) return
    const first = before.current === null
    before.current = ids
    const view = () => {
      const room = store.getState()
      const whole = firstView(nodes, room, begin)
      return (chosen && movedToShow(chosen, whole, room)) ?? whole
    }
    if (first) {
      void flow.setViewport(view())
      return
    }
    // It is not taken back where something else changes meanwhile: the last one to come shows it all.
    setTimeout(() => void flow.setViewport(view(), smoothly()), SETTLED)
  }, [ready, nodes, edges, chosen, begin, flow, store])
}

/** What is chosen comes into sight, also when something opens beside the map and leaves it less room. */
export function useInSight(chosen: Rect | null): void {
  const flow = useReactFlow()
  const width = useStore(state => state.width)
  const height = useStore(state => state.height)
  const before = useRef({ chosen, width, height })
  useEffect(() => {
    const last = before.current
    before.current = { chosen, width, height }
    const shrunk = width < last.width || height < last.height
    if (!chosen || last.width === 0 || (samePlace(chosen, last.chosen) && !shrunk)) return
    const view = movedToShow(chosen, flow.getViewport(), { width, height })
    if (view) void flow.setViewport(view, smoothly())
  }, [chosen, width, height, flow])
}

/** A drawing that was made anew, as with every letter of a setting, has moved nothing by that. */
function samePlace(one: Rect, other: Rect | null): boolean {
  const place = ({ x, y, width, height }: Rect) => [x, y, width, height].join(' ')
  return other !== null && place(one) === place(other)
}

/** A box that somebody wants to get to. */
export interface Wanted {
  node: string
  held: boolean
}

/** The map goes to the box that is wanted; where it begins is no matter of this. */
export function useWanted(wanted: Wanted | null): void {
  const flow = useReactFlow()
  const before = useRef(wanted)
  useEffect(() => {
    if (before.current === wanted) return
    before.current = wanted
    const box = wanted && flow.getNode(wanted.node)
    if (!box) return
    const { x, y } = box.position
    const zoom = Math.max(flow.getZoom(), READABLE)
    const how = smoothly()
    void flow.setCenter(x + WIDTH / 2, y + HEIGHT / 2, { zoom, ...how })
    // A box that lay far away is drawn only then. A move that another one breaks off never says that it is over.
    const focus = () => buttonOf(wanted.node)?.focus({ preventScroll: true })
    if (wanted.held) setTimeout(focus, how.duration + SETTLED)
  }, [wanted, flow])
}

function buttonOf(node: string): HTMLElement | null {
  return document.querySelector(`.react-flow__node[data-id="${CSS.escape(node)}"] button`)
}
