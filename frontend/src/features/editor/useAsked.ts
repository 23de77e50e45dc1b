import { useEffect } from 'react'
import { useSearchParams } from 'react-router'
import type { Actions } from './actions'

/** Goes to the step, and the setting, that the address asks for: `?node=keep-rows&field=column`, `?pipe=e3`. */
export function useAsked(actions: Actions, ready: boolean): void {
  const [query, setQuery] = useSearchParams()
  const node = query.get('node')
  const field = query.get('field')
  const pipe = query.get('pipe')
  useEffect(() => {
    if ((node === null && pipe === null) || !ready) return
    actions.goTo({ node, field, edge: pipe })
    // Asked and answered: loading the page anew must not jump there again.
    setQuery({}, { replace: true })
  }, [node, field, pipe, ready, actions, setQuery])
}
