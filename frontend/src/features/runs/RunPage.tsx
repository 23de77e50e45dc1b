/** Holds the place until the screen is drawn. */
export function RunPage() {
  return <h1>Runs</h1>
}
