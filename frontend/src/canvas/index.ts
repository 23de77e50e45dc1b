export { WorkflowMap, type WorkflowMapProps } from './WorkflowMap'
