import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { json, send } from './http'
import type { Me } from './types'

export function useMe() {
  return useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => json<Me>('/api/me/', { signal }),
    staleTime: 300_000,
  })
}

export function useRename() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => json<Me>('/api/me/', { method: 'PATCH', body: { name } }),
    onSuccess: me => client.setQueryData(['me'], me),
  })
}

export function useSetPassword() {
  return useMutation({
    mutationFn: (password: string) => send('/api/me/password/', { method: 'POST', body: { password } }),
  })
}

/** Signs out and leaves for the sign-in page. */
export async function signOut(): Promise<void> {
  await send('/api/sign-out/', { method: 'POST' })
  window.location.assign('/sign-in/')
}
