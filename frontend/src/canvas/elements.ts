import type { Edge, Node } from '@xyflow/react'
import type { Graph, Step, WorkflowInput } from '@/api/types'
import { titleOf } from '@/lib/nodes'
import { isConditional, isStream } from '@/lib/ways'
import { GIVEN, inputPipe } from './given'
import { COLUMN_GAP, HEIGHT, type Line, layout, type Place, WIDTH } from './layout'
import { type Lane, lanes } from './route'

export type MapInput = Pick<WorkflowInput, 'kind' | 'title' | 'name'>

export interface MapNodeData extends Record<string, unknown> {
  title: string
  icon: string
  category: string
  /** Absent for the input card and for steps that are not in the library. */
  step?: Step | undefined
  params?: Record<string, unknown>
  /** Said in place of the step's own sentence. */
  line?: string | undefined
  reads: boolean
  writes: boolean
}

export type MapNode = Node<MapNodeData, 'step'>
export interface PipeData extends Record<string, unknown> {
  from: string
  to: string
  /** What the pipe is called: “Keep rows → Draw a chart”. */
  name: string
  /** Its words are a whole rule. */
  wide?: boolean
  /** The way around what would hide it. */
  lane?: Lane
  /** One of several from the same box, and the only one into its target: there is room for its words at its end. */
  fans?: boolean
}

export type MapEdge = Edge<PipeData, 'pipe'>

export interface Elements {
  nodes: MapNode[]
  edges: MapEdge[]
}

type Library = ReadonlyMap<string, Step>

/** The nodes that read what the run is given: those nothing leads to, if they take anything. */
function readersOfInput(graph: Graph, library: Library): string[] {
  const fed = new Set(graph.edges.map(edge => edge.target))
  return graph.nodes
    .filter(node => !fed.has(node.id) && library.get(node.step)?.takes !== 'nothing')
    .map(node => node.id)
}

/** What is drawn for a graph: boxes with their places, and the pipes between them. */
export function elements(graph: Graph, library: Library, input: MapInput | null): Elements {
  const known = new Set(graph.nodes.map(node => node.id))
  const titles = new Map(graph.nodes.map(node => [node.id, titleOf(node, library)]))
  const title = (id: string) => titles.get(id) ?? id
  const edges = graph.edges
    .filter(edge => known.has(edge.source) && known.has(edge.target))
    .map(edge => {
      const name = `${title(edge.source)} → ${title(edge.target)}`
      return pipe(edge.id, edge.source, edge.target, name, isConditional(edge) || isStream(edge))
    })
  const given = input && input.kind !== 'none' && !known.has(GIVEN)
  if (given) {
    for (const id of readersOfInput(graph, library))
      edges.push(pipe(inputPipe(id), GIVEN, id, `What goes in → ${title(id)}`))
  }
  const places = placesOf(graph, edges, Boolean(given))
  const ends = {
    sources: new Set(edges.map(edge => edge.source)),
    targets: new Set(edges.map(e => e.target)),
  }
  const nodes = graph.nodes.map(node => {
    const step = library.get(node.step)
    return box(node.id, places.get(node.id), ends, {
      title: title(node.id),
      icon: step?.icon ?? 'box',
      category: step?.category ?? 'text',
      step,
      params: node.params,
      line: node.note || (step ? undefined : 'This step is not in the library'),
    })
  })
  if (given) nodes.unshift(box(GIVEN, places.get(GIVEN), ends, inputData(input)))
  return { nodes: sortedByPlace(nodes), edges: fannedOut(aroundBoxes(edges, places)) }
}

/** The input card has no place of its own: it stands one column before what reads it. */
function placesOf(graph: Graph, edges: readonly Line[], given: boolean): Map<string, Place> {
  const boxes = graph.nodes.map(({ id, position }) => ({ id, position }))
  const firsts = edges.filter(edge => edge.source === GIVEN).map(edge => edge.target)
  const inner = edges.filter(edge => edge.source !== GIVEN)
  if (!given) return layout(boxes, inner)
  const saved = boxes.filter(one => firsts.includes(one.id)).flatMap(one => one.position ?? [])
  if (firsts.length === 0 || saved.length < firsts.length) return layout([{ id: GIVEN }, ...boxes], edges)
  const x = Math.min(...boxes.map(one => one.position?.x ?? 0)) - WIDTH - COLUMN_GAP
  const y = saved.reduce((sum, place) => sum + place.y, 0) / saved.length
  return layout([{ id: GIVEN, position: { x, y } }, ...boxes], edges)
}

function inputData(input: MapInput): Omit<MapNodeData, 'reads' | 'writes'> {
  return {
    title: input.title || 'Input',
    icon: input.kind === 'file' ? 'upload' : 'text-size',
    category: 'get',
    line: input.name || (input.kind === 'file' ? 'A file given at the start' : 'A text given at the start'),
  }
}

function box(
  id: string,
  position: Place = { x: 0, y: 0 },
  ends: { sources: Set<string>; targets: Set<string> },
  data: Omit<MapNodeData, 'reads' | 'writes'>,
): MapNode {
  return {
    id,
    type: 'step',
    position,
    width: WIDTH,
    height: HEIGHT,
    data: { ...data, reads: ends.targets.has(id), writes: ends.sources.has(id) } as MapNodeData,
  }
}

function pipe(id: string, source: string, target: string, name: string, wide = false): MapEdge {
  return { id, type: 'pipe', source, target, ariaLabel: name, data: { from: source, to: target, name, wide } }
}

/** A pipe that would run behind a box is told the lane that leads around it. */
function aroundBoxes(edges: MapEdge[], places: ReadonlyMap<string, Place>): MapEdge[] {
  const found = lanes(places, edges)
  return edges.map((edge, at) => {
    const lane = found.get(at)
    return lane && edge.data ? { ...edge, data: { ...edge.data, lane } } : edge
  })
}

/** Where several pipes leave a box they lie close together: their words go to the ends where they are apart. */
function fannedOut(edges: MapEdge[]): MapEdge[] {
  const out = counted(edges.map(edge => edge.source))
  const into = counted(edges.map(edge => edge.target))
  return edges.map(edge => {
    const fans = (out.get(edge.source) ?? 0) > 1 && into.get(edge.target) === 1
    return fans && edge.data ? { ...edge, data: { ...edge.data, fans } } : edge
  })
}

function counted(ids: readonly string[]): Map<string, number> {
  const found = new Map<string, number>()
  for (const id of ids) found.set(id, (found.get(id) ?? 0) + 1)
  return found
}

/** The keyboard goes through the boxes as one reads them: by column, then downwards. */
function sortedByPlace(nodes: MapNode[]): MapNode[] {
  return nodes.sort((a, b) => a.position.x - b.position.x || a.position.y - b.position.y)
}
