import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core'

const KEY = 'composer-theme'

function isScheme(value: unknown): value is MantineColorScheme {
  return value === 'light' || value === 'dark' || value === 'auto'
}

/** Remembers light, dark or auto under the name that public/theme.js reads before the first paint. */
export function schemeManager(): MantineColorSchemeManager {
  let listener: ((event: StorageEvent) => void) | null = null
  return {
    get(fallback) {
      try {
        const stored = localStorage.getItem(KEY)
        return isScheme(stored) ? stored : fallback
      } catch {
        return fallback
      }
    },
    set(value) {
      try {
        localStorage.setItem(KEY, value)
      } catch {
        // Storage is switched off: the choice holds until the page is left.
      }
    },
    subscribe(onUpdate) {
      listener = event => {
        if (event.key === KEY && isScheme(event.newValue)) onUpdate(event.newValue)
      }
      window.addEventListener('storage', listener)
    },
    unsubscribe() {
      if (listener) window.removeEventListener('storage', listener)
    },
    clear() {
      try {
        localStorage.removeItem(KEY)
      } catch {
        // Nothing was stored.
      }
    },
  }
}
