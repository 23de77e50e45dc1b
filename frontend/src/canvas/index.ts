export type { MapOverlay } from './overlay'
export { WorkflowMap, type WorkflowMapProps } from './WorkflowMap'
