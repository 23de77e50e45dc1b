import { useComputedColorScheme } from '@mantine/core'
import { useEffect } from 'react'

/** tokens.css follows `data-theme`; Mantine decides which it is once the app runs. */
export function ThemeAttribute() {
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false })
  useEffect(() => {
    document.documentElement.dataset.theme = scheme
  }, [scheme])
  return null
}
