/** The card of what a run is given; it is no node of the graph. In a file of its own, as the map itself is loaded late. */
export const GIVEN = 'input'

/** The name of the pipe from it to a node: such pipes are no edges of the graph. */
export function inputPipe(node: string): string {
  return `${GIVEN}>${node}`
}
