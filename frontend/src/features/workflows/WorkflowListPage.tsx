/** Holds the place until the screen is drawn. */
export function WorkflowListPage() {
  return <h1>Workflows</h1>
}
