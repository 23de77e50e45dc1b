import type { Graph, Step, WorkflowInput } from '@/api/types'
import { incoming } from './graph'

/** The separator of a table, told by its first line: whichever stands there most often. */
function separatorOf(line: string): string {
  const counts = [',', ';', '\t'].map(mark => ({ mark, count: line.split(mark).length }))
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).mark
}

/** The first rows of a CSV text; quotes and doubled quotes understood. */
function csvRows(text: string, most: number): string[][] {
  const start = text.replace(/^\uFEFF/, '')
  const mark = separatorOf(start.slice(0, start.search(/\r?\n|$/)))
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  const endRow = () => {
    if (row.length > 0 || cell !== '') rows.push([...row, cell])
    row = []
    cell = ''
  }
  for (let at = 0; at < start.length && rows.length < most; at += 1) {
    const char = start[at]
    if (quoted) {
      if (char !== '"') cell += char
      else if (start[at + 1] === '"') {
        cell += '"'
        at += 1
      } else quoted = false
    } else if (char === '"' && cell === '') quoted = true
    else if (char === mark) {
      row.push(cell)
      cell = ''
    } else if (char === '\n') endRow()
    else if (char !== '\r') cell += char
  }
  if (rows.length < most) endRow()
  return rows
}

/** The head and the first rows of a CSV text. */
export function csvTable(text: string, most: number): { columns: string[]; rows: string[][] } {
  const [columns = [], ...rows] = csvRows(text, most + 1)
  return { columns, rows }
}

/** The column names in the first line of a CSV text. */
export function csvHeader(text: string): string[] {
  return (csvRows(text, 1)[0] ?? []).map(name => name.trim()).filter(name => name !== '')
}

/** Columns seen in the last run, by node; the columns of the run's input under the key ''. */
export type SeenColumns = ReadonlyMap<string, readonly string[]>

interface Flow {
  graph: Graph
  input: WorkflowInput
  steps: ReadonlyMap<string, Step>
  seen: SeenColumns
}

/** The columns that come out of a node: as the last run showed them, else those that go in. */
export function columnsFrom(flow: Flow, id: string, depth = 0): readonly string[] {
  const node = flow.graph.nodes.find(each => each.id === id)
  const step = node && flow.steps.get(node.step)
  if (step?.gives !== 'csv' || depth > flow.graph.nodes.length) return []
  return flow.seen.get(id) ?? columnsInto(flow, id, depth + 1)
}

/** The columns that arrive at a node; empty where nobody can know before the first run. */
export function columnsInto(flow: Flow, id: string, depth = 0): readonly string[] {
  const pipe = incoming(flow.graph, id)[0]
  if (pipe) return columnsFrom(flow, pipe.source, depth)
  if (flow.input.kind === 'none') return []
  const header = flow.input.sample ? csvHeader(flow.input.sample) : []
  return header.length > 1 ? header : (flow.seen.get('') ?? [])
}
