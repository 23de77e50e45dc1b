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
  note?: string
  [key: string]: unknown
}

/** A pipe between two nodes. */
export interface GraphEdge {
  id: string
  source: string
  target: string
  output?: string
  input?: string
  order?: number
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
export type Workflow = Required<Omit<Schemas['Workflow'], 'graph'>> & { graph: Graph }
export type RunSummary = Schemas['RunSummary']
export type Run = Omit<Schemas['Run'], 'graph'> & { graph: Graph }
export type StepRun = Schemas['StepRun']
export type Failure = Schemas['Failure']
export type Preview = Schemas['Preview']
