/** Holds the place until the screen is drawn. */
export function EditorPage() {
  return <h1>Editor</h1>
}
