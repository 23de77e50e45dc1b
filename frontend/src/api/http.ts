import { heardDate } from '@/lib/serverClock'
import { errorFrom, unreachable } from './errors'

/** The token Django sets as a cookie and wants back as a header with every change. */
export function csrfToken(cookies: string = document.cookie): string {
  for (const part of cookies.split(';')) {
    const [name, value] = part.trim().split('=')
    if (name === 'composer_csrf') return decodeURIComponent(value ?? '')
  }
  return ''
}

export interface Ask {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  query?: Record<string, string | number | boolean | null | undefined>
  /** Sent as JSON, unless it is a form (then multipart) or a string (then as `type` says). */
  body?: unknown
  type?: string
  headers?: Record<string, string>
  signal?: AbortSignal
  /** Let the request finish although the page is being left (bodies up to 64 KB). */
  keepalive?: boolean
}

function address(path: string, query: Ask['query']): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') params.set(key, String(value))
  }
  const text = params.toString()
  return text ? `${path}?${text}` : path
}

function request(ask: Ask): RequestInit {
  const method = ask.method ?? 'GET'
  const headers: Record<string, string> = { Accept: 'application/json', ...ask.headers }
  if (method !== 'GET') headers['X-CSRFToken'] = csrfToken()
  let body: BodyInit | undefined
  if (ask.body instanceof FormData) {
    body = ask.body
  } else if (typeof ask.body === 'string') {
    body = ask.body
    headers['Content-Type'] = ask.type ?? 'text/plain'
  } else if (ask.body !== undefined) {
    body = JSON.stringify(ask.body)
    headers['Content-Type'] = 'application/json'
  }
  return { method, headers, body, signal: ask.signal, keepalive: ask.keepalive, credentials: 'same-origin' }
}

/** Fetches. Anything but 2xx is thrown as an ApiError; signed out leads to the sign-in page. */
export async function checked(input: string | Request, init?: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(input, init)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw unreachable()
  }
  heardDate(response.headers.get('Date'))
  if (response.status === 401) leaveForSignIn()
  if (!response.ok) throw await errorFrom(response)
  return response
}

/** One request for what is no JSON, such as the bytes of a pipe. JSON is asked for through `api` (client.ts). */
export function send(path: string, ask: Ask = {}): Promise<Response> {
  return checked(address(path, ask.query), request(ask))
}

/** As `send`, with the answer's JSON. */
export async function json<T>(path: string, ask: Ask = {}): Promise<T> {
  const response = await send(path, ask)
  return (response.status === 204 ? undefined : await response.json()) as T
}

function leaveForSignIn(): void {
  const here = window.location.pathname + window.location.search
  window.location.assign(`/sign-in/?next=${encodeURIComponent(here)}`)
}
