/** Holds the place until the screen is drawn. */
export function LibraryPage() {
  return <h1>Library</h1>
}
