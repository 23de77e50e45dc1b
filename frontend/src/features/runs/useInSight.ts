import { useCallback, useRef, useState } from 'react'

/** Whether an element has come into sight, once and for all: what nobody scrolls to need not be fetched. */
export function useInSight(): [place: (element: Element | null) => void, inSight: boolean] {
  const [inSight, setInSight] = useState(() => !('IntersectionObserver' in window))
  const observer = useRef<IntersectionObserver | null>(null)
  const place = useCallback((element: Element | null) => {
    observer.current?.disconnect()
    observer.current = null
    if (!element || !('IntersectionObserver' in window)) return
    observer.current = new IntersectionObserver(
      entries => {
        if (!entries.some(entry => entry.isIntersecting)) return
        setInSight(true)
        observer.current?.disconnect()
      },
      { rootMargin: '200px' },
    )
    observer.current.observe(element)
  }, [])
  return [place, inSight]
}
