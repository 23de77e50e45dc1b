import createClient from 'openapi-fetch'
import { checked, csrfToken } from './http'
import type { paths } from './schema'

/** The API as its description says: addresses, filters and bodies are checked by the compiler. */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  credentials: 'same-origin',
  fetch: request => checked(request),
})

api.use({
  onRequest({ request }) {
    if (request.method !== 'GET') request.headers.set('X-CSRFToken', csrfToken())
    return request
  },
})

/** The data of an answer; what went wrong was thrown before. */
export async function data<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T
}

type Page<T> = { results: T[]; next?: string | null }

/** All entries of a paginated list. */
export async function everything<T>(page: (number: number) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = []
  for (let number = 1; ; number += 1) {
    const { results, next } = await page(number)
    found.push(...results)
    if (!next) return found
  }
}
