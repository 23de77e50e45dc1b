import { useEffect, useRef } from 'react'

/** What is open on top of the page and wants Escape for itself: dialogs, menus, lists of choices, a card in the air. */
const ON_TOP = '[role="dialog"], [role="menu"], [aria-haspopup][aria-expanded="true"], [data-dragging]'

function isForSomethingElse({ target }: KeyboardEvent): boolean {
  const searching = target instanceof HTMLInputElement && target.type === 'search' && target.value !== ''
  return searching || document.querySelector(ON_TOP) !== null
}

/**
 * What lies beside the page: Escape closes it, and the keyboard goes back to where it was opened.
 * `shown` says what is shown; null is nothing.
 */
export function useAside(shown: string | null, close: () => void): void {
  const opener = useRef<HTMLElement | null>(null)
  useEffect(() => {
    const { activeElement: here, body } = document
    const lost = here === null || here === body
    if (shown === null) {
      if (lost && opener.current?.isConnected) opener.current.focus()
      opener.current = null
    } else if (!lost && here instanceof HTMLElement) opener.current = here
  }, [shown])

  useEffect(() => {
    if (shown === null) return
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !isForSomethingElse(event)) close()
    }
    // Before the others hear it: afterwards a menu that it closed could no longer be seen.
    window.addEventListener('keydown', pressed, true)
    return () => window.removeEventListener('keydown', pressed, true)
  }, [shown, close])
}
