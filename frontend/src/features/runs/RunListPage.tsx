/** Holds the place until the screen is drawn. */
export function RunListPage() {
  return <h1>Runs</h1>
}
