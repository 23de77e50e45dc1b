import { getViewportForBounds, type Rect, useReactFlow, useStore, useStoreApi } from '@xyflow/react'
import { useEffect, useRef } from 'react'
import type { MapEdge, MapNode } from './elements'
import { HEIGHT, WIDTH } from './layout'

/** Small workflows are not blown up. */
export const FIT = { maxZoom: 1, padding: 0.06 }
export const FARTHEST = 0.1
/** Below this the words on the boxes cannot be read. */
const READABLE = 0.6
const AT_FIRST = 0.75
const MARGIN = 24
const SMOOTH = { duration: 200 }

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

/** What opens beside the map takes its room a moment after the map itself has changed. */
const SETTLED = 60 // ms

/** Shows the map when it is opened, and anew when steps or pipes come or go. */
export function useView(nodes: readonly MapNode[], edges: readonly MapEdge[], chosen: string | null): void {
  const flow = useReactFlow()
  const store = useStoreApi()
  const ready = useStore(state => state.width > 0 && state.panZoom !== null)
  const before = useRef<string | null>(null)
  useEffect(() => {
    const ids = [...nodes, ...edges].map(each => each.id).join(' ')
    if (!ready || nodes.length === 0 || before.current === ids) return
    const first = before.current === null
    before.current = ids
    if (first) {
      void flow.setViewport(firstView(nodes, store.getState(), chosen))
      return
    }
    // It is not taken back where something else changes meanwhile: the last one to come shows it all.
    setTimeout(() => void flow.setViewport(firstView(nodes, store.getState(), chosen), SMOOTH), SETTLED)
  }, [ready, nodes, edges, chosen, flow, store])
}
