export { INPUT as MAP_INPUT, type MapInput } from './elements'
export { inputPipe, type MapOverlay } from './overlay'
export { WorkflowMap, type WorkflowMapProps } from './WorkflowMap'
