import type { Graph, GraphNode } from '@/api/types'

export const node = (id: string): GraphNode => ({ id, step: id, version: '1.0.0', params: {} })

/** “a>b b>c” as a graph; nodes in the order in which they are named. */
export function graphOf(text: string): Graph {
  const ids = new Set<string>()
  const edges = text
    .split(' ')
    .filter(part => part !== '')
    .flatMap((part, index) => {
      const [source = '', target] = part.split('>')
      ids.add(source)
      if (!target) return []
      ids.add(target)
      return [{ id: `${index}`, source, target }]
    })
  return { nodes: [...ids].map(node), edges }
}
