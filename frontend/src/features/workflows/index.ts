export { WorkflowListPage } from './WorkflowListPage'
