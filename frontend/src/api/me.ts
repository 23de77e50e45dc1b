import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { includes } from '@/lib/roles'
import { api, data } from './client'

export function useMe() {
  return useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => data(api.GET('/api/me/', { signal })),
    staleTime: 300_000,
  })
}

/** What the person's role lets them do. */
export function useMay(): { edit: boolean; run: boolean } {
  const { data: me } = useMe()
  return { edit: includes(me?.role, 'editor'), run: includes(me?.role, 'runner') }
}

export function useRename() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => data(api.PATCH('/api/me/', { body: { name } })),
    onSuccess: me => client.setQueryData(['me'], me),
  })
}

export function useSetPassword() {
  return useMutation({
    mutationFn: (password: string) => api.POST('/api/me/password/', { body: { password } }),
  })
}

/** Signs out and leaves for the sign-in page. */
export async function signOut(): Promise<void> {
  await api.POST('/api/sign-out/')
  window.location.assign('/sign-in/')
}
