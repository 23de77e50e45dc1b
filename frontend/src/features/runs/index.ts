export { RunListPage } from './RunListPage'
export { RunPage } from './RunPage'
