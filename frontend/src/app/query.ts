import { QueryClient } from '@tanstack/react-query'
import { ApiError } from '@/api/errors'

/** What cannot succeed is not tried again; a server that is restarting is. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (count, error) => error instanceof ApiError && error.passing && count < 4,
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })
}
