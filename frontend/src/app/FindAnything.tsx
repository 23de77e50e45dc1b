/** Holds the place until the dialog is drawn. */
export function FindAnything() {
  return null
}
