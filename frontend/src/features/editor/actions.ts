import { useMemo } from 'react'
import type { Graph, Problem, Step } from '@/api/types'
import { freshNodeId, titleOf as nameOf, placed } from '@/lib/nodes'
import { chosenPipe, INPUT, pipeKey, useParts } from './context'
import { findNode, type Place, remove } from './model/graph'
import { cannotConnect, findPipe, readInTurn } from './model/pipes'
import { belowOf, lastPlace, neighbour, rows } from './model/rows'

/** Where a step goes that was given no place: what reads nothing to the start, else after the chosen card or to the end. */
export function ownPlace(graph: Graph, selected: string | null, step: Step): Place {
  if (selected === INPUT || step.takes === 'nothing') return { after: null }
  const pipe = findPipe(graph, chosenPipe(selected))
  if (pipe) return { after: pipe.source }
  return findNode(graph, selected) ? { after: selected } : lastPlace(rows(graph))
}

/** The card below a place that a step put there feeds; at the start, what takes nothing is none. */
export function fedBelow(
  graph: Graph,
  steps: ReadonlyMap<string, Step>,
  place: Place,
  below: string | undefined,
): string | undefined {
  const step = steps.get(findNode(graph, below ?? null)?.step ?? '')
  return place.after === null && step?.takes === 'nothing' ? undefined : below
}

/** What a person can do in the editor; the same for mouse, menu and keyboard. */
export function useActions(steps: ReadonlyMap<string, Step>) {
  const { document, screen } = useParts()
  return useMemo(() => {
    const graph = () => document.store.getState().document.graph
    const titleOf = (id: string) => {
      const node = findNode(graph(), id)
      return node ? nameOf(node, steps) : ''
    }
    // What is said a second time gets a mark that nobody sees: it is not heard where nothing changes.
    const announce = (words: string) =>
      screen.setState(before => ({ announcement: before.announcement === words ? `${words}\u200b` : words }))
    const where = (id: string) => {
      const list = rows(graph())
      return `step ${list.findIndex(row => row.node.id === id) + 1} of ${list.length}`
    }

    return {
      select(id: string | null) {
        screen.setState({ selected: id })
      },

      /** Adds a step at a place; without one, where it belongs by itself. */
      add(step: Step, place?: Place, below?: string) {
        const list = rows(graph())
        const { selected } = screen.getState()
        const at = place ?? ownPlace(graph(), selected, step)
        // Into the chosen pipe, where one is chosen.
        const into = place ? undefined : findPipe(graph(), chosenPipe(selected))?.target
        const id = freshNodeId(graph(), step.slug)
        const next = fedBelow(graph(), steps, at, below ?? into ?? belowOf(list, at))
        document.dispatch({ type: 'insert', node: placed(step, id), place: at, below: next })
        // Chosen in a dialog, which closes: the new card takes the keyboard.
        const held = screen.getState().adding ? id : null
        screen.setState({ selected: id, adding: null, held })
        announce(`${step.title} added, ${where(id)}`)
        return id
      },

      remove(id: string) {
        const title = titleOf(id)
        const list = rows(graph())
        const at = list.findIndex(row => row.node.id === id)
        document.dispatch({ type: 'remove', id })
        const next = rows(remove(graph(), id))[Math.max(0, at - 1)]?.node.id ?? null
        const { selected } = screen.getState()
        screen.setState({ selected: selected === id ? next : selected, held: next ?? INPUT })
        announce(`${title} deleted. Undo with Control Z.`)
      },

      duplicate(id: string) {
        const node = findNode(graph(), id)
        if (!node) return
        const copyId = freshNodeId(graph(), node.step)
        const below = belowOf(rows(graph()), { after: id })
        document.dispatch({ type: 'duplicate', id, copyId, below })
        screen.setState({ selected: copyId })
        announce(`${titleOf(copyId)} duplicated, ${where(copyId)}`)
      },

      /** One up or one down in the order of the data. */
      shift(id: string, direction: 'up' | 'down') {
        const target = neighbour(rows(graph()), id, direction)
        if (!target) {
          announce(direction === 'up' ? `${titleOf(id)} is already first` : `${titleOf(id)} is already last`)
          return
        }
        document.dispatch({ type: 'move', id, ...target })
        announce(`${titleOf(id)} moved ${direction}, now ${where(id)}`)
      },

      moveTo(id: string, place: Place, below?: string) {
        const next = fedBelow(graph(), steps, place, below ?? belowOf(rows(graph()), place))
        document.dispatch({ type: 'move', id, place, below: next })
        announce(`${titleOf(id)} moved, now ${where(id)}`)
      },

      /** Opens the panel on what came out of a node, or on the run's input. */
      look(id: string | null) {
        screen.setState({ selected: id ?? INPUT })
      },

      /** Opens a pipe: when it is taken, how it flows, what flows in it. */
      selectPipe(id: string | null) {
        screen.setState({ selected: id === null ? null : pipeKey(id) })
      },

      /** Lays a pipe from one step to another, and opens it. */
      connect(source: string, target: string) {
        const why = cannotConnect(graph(), source, target)
        if (why !== null) {
          announce(why)
          return why
        }
        document.dispatch({ type: 'connect', source, target })
        const made = graph().edges.find(edge => edge.source === source && edge.target === target)
        screen.setState({ selected: made ? pipeKey(made.id) : target, leading: null })
        announce(`${titleOf(source)} leads on to ${titleOf(target)}`)
        return null
      },

      disconnect(id: string) {
        const pipe = findPipe(graph(), id)
        if (!pipe) return
        document.dispatch({ type: 'disconnect', id })
        screen.setState({ selected: null, held: pipe.source })
        announce(
          `The pipe from ${titleOf(pipe.source)} to ${titleOf(pipe.target)} is gone. Undo with Control Z.`,
        )
      },

      /** Lets a step read one of its pipes earlier or later. */
      reorder(id: string, direction: 'up' | 'down') {
        document.dispatch({ type: 'reorder', id, direction })
        const pipe = findPipe(graph(), id)
        const line = pipe ? readInTurn(graph(), pipe.target) : []
        const place = line.findIndex(each => each.id === id) + 1
        if (pipe) announce(`${titleOf(pipe.source)} is read as number ${place} of ${line.length}`)
      },

      /** Whether a step waits for all ways into it, or for any of them. */
      join(id: string, join: 'all' | 'any') {
        document.dispatch({ type: 'join', id, join })
        announce(
          `${titleOf(id)} waits for ${join === 'all' ? 'all ways into it' : 'any of the ways into it'}`,
        )
      },

      /** Goes to the very field that a problem is about. */
      goTo(problem: Pick<Problem, 'node' | 'field'> & { edge?: string | null }) {
        const count = (screen.getState().wanted?.count ?? 0) + 1
        if (problem.edge && findPipe(graph(), problem.edge)) {
          screen.setState({
            selected: pipeKey(problem.edge),
            wanted: { node: pipeKey(problem.edge), field: problem.field, count },
          })
          return
        }
        if (problem.node === null && graph().nodes.length === 0) {
          screen.setState({ view: 'list', adding: { place: { after: null } } })
          return
        }
        screen.setState({
          selected: problem.node ?? null,
          view: 'list',
          wanted: { node: problem.node, field: problem.field, count },
        })
      },

      undo: () => {
        document.undo()
        announce('Undone')
      },
      redo: () => {
        document.redo()
        announce('Done again')
      },
    }
  }, [document, screen, steps])
}

export type Actions = ReturnType<typeof useActions>
