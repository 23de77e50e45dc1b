import { describe, expect, test, vi } from 'vitest'
import { ApiError } from './errors'
import { csrfToken, json } from './http'

function answering(status: number, body: unknown) {
  const spy = vi.fn(
    async (_address: string, _init: RequestInit) => new Response(JSON.stringify(body), { status }),
  )
  vi.stubGlobal('fetch', spy)
  return spy
}

describe('a request', () => {
  test('carries the CSRF token with every change', async () => {
    // biome-ignore lint/suspicious/noDocumentCookie: as Django sets it
    document.cookie = 'composer_csrf=s3cret'
    const fetched = answering(200, {})
    await json('/api/me/', { method: 'PATCH', body: { name: 'A' } })
    const [, init] = fetched.mock.calls[0] ?? []
    expect(init?.headers).toMatchObject({ 'X-CSRFToken': 's3cret', 'Content-Type': 'application/json' })
    expect(csrfToken('a=1; composer_csrf=x%3Dy')).toBe('x=y')
  })

  test('leaves empty filters out of the address', async () => {
    const fetched = answering(200, {})
    await json('/api/runs/', { query: { workflow: 'w 1', status: '', page: undefined } })
    expect(fetched.mock.calls[0]?.[0]).toBe('/api/runs/?workflow=w+1')
  })

  test('a problem becomes a typed error with all it carries', async () => {
    const problems = [{ node: 'n', edge: null, field: 'by', message: 'Choose what to group by' }]
    answering(409, {
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      detail: 'Changed elsewhere',
      problems,
      revision: 7,
    })
    const error = await json('/api/x/').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({
      status: 409,
      message: 'Changed elsewhere',
      problems,
      extra: { revision: 7 },
    })
  })

  test('no connection is an error that passes', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
    // It does not say that it tries again: that is for whoever does.
    const message = 'Composer cannot be reached right now.'
    await expect(json('/api/x/')).rejects.toMatchObject({ status: 0, passing: true, message })
  })

  test('a page of HTML in place of an answer is still told in words', async () => {
    vi.stubGlobal('fetch', async () => new Response('<h1>Bad gateway</h1>', { status: 502 }))
    await expect(json('/api/x/')).rejects.toMatchObject({ status: 502, passing: true })
  })
})
