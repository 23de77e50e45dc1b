import { useEffect, useRef } from 'react'

/** What is open on top of the page and wants Escape for itself: dialogs, menus, lists of choices, a card in the air. */
const ON_TOP = '[role="dialog"], [role="menu"], [aria-haspopup][aria-expanded="true"], [data-dragging]'

function isForSomethingElse({ target }: KeyboardEvent): boolean {
  const searching = target instanceof HTMLInputElement && target.type === 'search' && target.value !== ''
  return searching || document.querySelector(ON_TOP) !== null
}

/** Whether nothing has the keyboard: what had it is gone. */
export function isLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body
}

/** Gives the keyboard to the heading of what lies beside the page, where nothing else has it. */
export function toHeading(): void {
  if (isLost()) intoIt()
}

function intoIt(): void {
  document.querySelector<HTMLElement>('[data-aside-heading]')?.focus()
}

/**
 * What lies beside the page: who opened it by keyboard is led to its heading, for many presses of Tab may lie between; a
 * click takes the keyboard from nobody. Escape closes it, and the keyboard goes back to where it was opened. Where something
 * else takes its place, the keyboard goes to the heading of that. `shown` says what is shown; null is nothing. What lies
 * `over` the page has a drawer round it, which does the rest.
 */
export function useAside(shown: string | null, close: () => void, over = false): void {
  const opener = useRef<HTMLElement | null>(null)
  const before = useRef<string | null>(null)
  const pressed = usePressed(shown !== null && !over)
  useEffect(() => {
    const { activeElement: here } = document
    const lost = isLost()
    const replaced = shown !== null && before.current !== null && before.current !== shown
    before.current = shown
    if (replaced) toHeading()
    if (over) return
    if (shown === null) {
      if (lost && opener.current?.isConnected) opener.current.focus()
      opener.current = null
      // A dialog that opened it is about to go, and nobody can be led back to it.
    } else if (!lost && here instanceof HTMLElement && !here.closest('[role="dialog"]')) {
      opener.current = here
      if (pressed.current === here) intoIt()
    }
  }, [shown, over, pressed])

  useEffect(() => {
    if (shown === null || over) return
    const heard = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !isForSomethingElse(event)) close()
    }
    // Before the others hear it: afterwards a menu that it closed could no longer be seen.
    window.addEventListener('keydown', heard, true)
    return () => window.removeEventListener('keydown', heard, true)
  }, [shown, close, over])
}

/** The button that the last key pressed, if it did press one; pressing that of what is open leads there once more. */
function usePressed(isOpen: boolean) {
  const pressed = useRef<EventTarget | null>(null)
  useEffect(() => {
    const forget = () => {
      pressed.current = null
    }
    const note = ({ detail, target }: MouseEvent) => {
      // A click that no mouse made.
      pressed.current = detail === 0 ? target : null
      const isOpener = target instanceof Element && target.matches('[aria-pressed="true"]')
      if (isOpen && isOpener && pressed.current === document.activeElement) intoIt()
    }
    window.addEventListener('keydown', forget, true)
    window.addEventListener('click', note, true)
    return () => {
      window.removeEventListener('keydown', forget, true)
      window.removeEventListener('click', note, true)
    }
  }, [isOpen])
  return pressed
}
