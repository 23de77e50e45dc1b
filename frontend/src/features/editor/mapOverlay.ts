import type { GraphEdge } from '@/api/types'
import type { MapOverlay } from '@/canvas'
import { inputPipe } from '@/canvas/given'
import { shortContents } from '@/lib/contents'
import { isStream, shortWords } from '@/lib/ways'
import type { Surroundings } from './context'
import type { Document } from './model/changes'
import { kindAfter, kindOfPipe, misfit, misfitOfPipe } from './model/kinds'
import { passedThrough } from './model/passed'

type Known = Pick<Document, 'graph' | 'input'> & Pick<Surroundings, 'steps' | 'problems' | 'lastRun'>

interface Said {
  words: string | null
  kind?: string | null
  trouble?: string | null
}

/** What stands on the pipes while a workflow is made: what is wrong, their rules, and what came through last time. */
export function editorOverlay(known: Known): MapOverlay {
  const said = new Map(known.graph.edges.map(edge => [edge.id, saidOf(edge, known)]))
  for (const [id, words] of saidOfInput(known)) said.set(id, words)
  return {
    subscribe: () => () => {},
    status: () => undefined,
    flow: () => 'full',
    words: pipe => said.get(pipe)?.words ?? null,
    kind: pipe => said.get(pipe)?.kind ?? null,
    trouble: pipe => said.get(pipe)?.trouble ?? null,
  }
}

function saidOf(edge: GraphEdge, { graph, input, steps, problems, lastRun }: Known): Said {
  const flow = { graph, input, steps }
  const wrong = misfitOfPipe(flow, edge)
  const rule = shortWords(edge)
  const problem = problems.find(each => each.edge === edge.id)
  const trouble = wrong ?? problem?.message
  if (trouble !== undefined) return { words: rule ?? withoutStep(trouble), trouble }
  if (rule !== null || isStream(edge)) return { words: rule ?? 'streams' }
  const passed = passedThrough(lastRun, edge)
  if (!passed) return { words: null }
  return { words: shortContents(passed.look, kindOfPipe(flow, edge), passed.size), kind: passed.look.kind }
}

/** The pipe leads to the step that is meant: of few words none is lost to its name. */
function withoutStep(trouble: string): string {
  return trouble.replace(/^“[^”]*” (?=takes|needs|reads)/, '')
}

/** The pipes from what a run is given, which are no edges of the graph. */
function saidOfInput({ graph, input, steps, lastRun }: Known): [string, Said][] {
  const fed = new Set(graph.edges.map(edge => edge.target))
  const kind = kindAfter({ graph, input, steps }, null)
  const look = lastRun.looks.get('')
  return graph.nodes
    .filter(node => !fed.has(node.id))
    .map(node => {
      const step = steps.get(node.step)
      const wrong = step && kind !== 'nothing' ? misfit(kind, step) : null
      const pipe = inputPipe(node.id)
      if (step && wrong) return [pipe, { words: wrong, trouble: `“${step.title}” ${wrong}` }]
      return [
        pipe,
        look ? { words: shortContents(look, kind, look.bytes), kind: look.kind } : { words: null },
      ]
    })
}
