import type { Graph, GraphEdge, GraphNode, WorkflowInput } from '@/api/types'
import { change, duplicate, insert, move, type Place, remove } from './graph'
import { changePipe, connect, disconnect, reorder, withJoin } from './pipes'

/** What the editor edits and autosave saves. Nothing about runs, and nothing about the screen, is in here. */
export interface Document {
  name: string
  description: string
  input: WorkflowInput
  graph: Graph
}

/** Every edit is one of these. */
export type Change =
  | { type: 'insert'; node: GraphNode; place: Place; below?: string }
  | { type: 'remove'; id: string }
  | { type: 'move'; id: string; place: Place; below?: string }
  | { type: 'duplicate'; id: string; copyId: string; below?: string }
  | { type: 'params'; id: string; params: Record<string, unknown> }
  | { type: 'retitle'; id: string; title: string }
  | { type: 'connect'; source: string; target: string }
  | { type: 'disconnect'; id: string }
  | { type: 'pipe'; id: string; about: Partial<GraphEdge> }
  | { type: 'reorder'; id: string; direction: 'up' | 'down' }
  | { type: 'join'; id: string; join: 'all' | 'any' }
  | { type: 'rename'; name: string }
  | { type: 'input'; input: WorkflowInput }
  | { type: 'replace'; document: Document }

function withTitle(node: GraphNode, title: string): GraphNode {
  const { title: _old, ...rest } = node
  return (title.trim() === '' ? rest : { ...rest, title }) as GraphNode
}

function foldGraph(graph: Graph, edit: Change): Graph {
  switch (edit.type) {
    case 'insert':
      return insert(graph, edit.node, edit.place, edit.below)
    case 'remove':
      return remove(graph, edit.id)
    case 'move':
      return move(graph, edit.id, edit.place, edit.below)
    case 'duplicate':
      return duplicate(graph, edit.id, edit.copyId, edit.below)
    case 'params':
      return change(graph, edit.id, node => ({ ...node, params: edit.params }))
    case 'retitle':
      return change(graph, edit.id, node => withTitle(node, edit.title))
    case 'connect':
      return connect(graph, edit.source, edit.target)
    case 'disconnect':
      return disconnect(graph, edit.id)
    case 'pipe':
      return changePipe(graph, edit.id, edit.about)
    case 'reorder':
      return reorder(graph, edit.id, edit.direction)
    case 'join':
      return change(graph, edit.id, node => withJoin(node, edit.join))
    default:
      return graph
  }
}

/** The document after one change. What the change does not touch stays the very same object. */
export function fold(document: Document, edit: Change): Document {
  switch (edit.type) {
    case 'rename':
      return { ...document, name: edit.name }
    case 'input':
      return { ...document, input: edit.input }
    case 'replace':
      return edit.document
    default: {
      const graph = foldGraph(document.graph, edit)
      return graph === document.graph ? document : { ...document, graph }
    }
  }
}

/** Changes with the same group within a moment are one step of undo: typing, not letters. */
export function groupOf(edit: Change): string | null {
  switch (edit.type) {
    case 'params':
    case 'retitle':
      return `${edit.type}:${edit.id}`
    case 'pipe':
      return `pipe:${edit.id} ${Object.keys(edit.about).join(' ')}`
    case 'rename':
    case 'input':
      return edit.type
    default:
      return null
  }
}
