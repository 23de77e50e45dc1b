import type { components } from './schema'

type Schemas = components['schemas']

export type Status = Schemas['Status']

/** A step placed in a workflow. Keys this app does not know are kept as they came. */
export interface GraphNode {
  id: string
  step: string
  version?: string | null
  title?: string
  params: Record<string, unknown>
  position?: { x: number; y: number }
  /** Whether all ways into it must bring something (the default), or any. */
  join?: 'all' | 'any'
  note?: string
  [key: string]: unknown
}

export type RuleTest = Schemas['TestEnum']

/** One test of one value; half-written ones have no value yet. */
export interface Condition {
  field: string
  test: RuleTest
  value?: string | number | boolean | null
}

export type Rule = { all: Condition[] } | { any: Condition[] } | { else: true }

/** A pipe between two nodes. */
export interface GraphEdge {
  id: string
  source: string
  target: string
  output?: string
  input?: string
  order?: number
  /** How the source must have ended for this way to be taken; left out, it went well. */
  when?: Schemas['WhenEnum']
  rule?: Rule
  /** Kept (the default), or streamed: then both steps work at once. */
  mode?: Schemas['ModeEnum']
  [key: string]: unknown
}

export interface Graph {
  nodes: GraphNode[]
  edges: GraphEdge[]
}

export type WorkflowInput = Schemas['WorkflowInput']
export type InputKind = WorkflowInput['kind']
export type Me = Schemas['Me']
export type Step = Schemas['Step']
export type Problem = Schemas['Problem']
export type WorkflowSummary = Required<Schemas['WorkflowSummary']>
export type Workflow = Required<Omit<Schemas['Workflow'], 'graph'>> & {
  graph: Graph
  /** How many runs stand ready, and the memory that they take; absent where the server does not say. */
  armed_ready?: number | null
  armed_cost?: number | null
}
export type RunSummary = Schemas['RunSummary']
export type Run = Omit<Schemas['Run'], 'graph'> & { graph: Graph }
export type StepRun = Schemas['StepRun']
export type Failure = Schemas['Failure']
export type Preview = Schemas['Preview']
export type Way = Schemas['Way']
