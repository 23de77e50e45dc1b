import { useEffect } from 'react'
import type { Actions } from './actions'

/** Keys that hold everywhere in the editor. In a text field the browser's own undo would undo letters only. */
export function useShortcuts(actions: Actions, mayEdit: boolean): void {
  useEffect(() => {
    if (!mayEdit) return
    const pressed = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return
      const key = event.key.toLowerCase()
      const again = key === 'y' || (key === 'z' && event.shiftKey)
      if (!again && key !== 'z') return
      // A dialog on top has its own fields; they are not part of the document.
      if (event.target instanceof Element && event.target.closest('.mantine-Modal-root')) return
      event.preventDefault()
      if (again) actions.redo()
      else actions.undo()
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [actions, mayEdit])
}
