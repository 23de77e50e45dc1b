import { expect, test, vi } from 'vitest'
import { startRun } from './runs'

/** What was sent, whichever way it was asked for. */
function listening() {
  const sent: Request[] = []
  vi.stubGlobal('fetch', async (input: string | Request, init?: RequestInit) => {
    const address = input instanceof Request ? input : new URL(input, window.location.origin)
    sent.push(new Request(address, init))
    return new Response(JSON.stringify({ id: 'r', status: 'queued' }), { status: 201 })
  })
  return sent
}

test.each([
  ['the sample', undefined],
  ['a text', 'one\ntwo\n'],
  ['a file', new File(['a,b\n'], 'orders.csv')],
])('a run with %s is sent with the key by which it is one run', async (_, input) => {
  const sent = listening()
  await startRun('w', 'k1', input)
  expect(sent).toHaveLength(1)
  expect(sent[0]?.headers.get('Idempotency-Key')).toBe('k1')
  expect(new URL(sent[0]?.url ?? '').pathname).toBe('/api/workflows/w/runs/')
})

test('an answer that is lost is asked for once more, with the same key', async () => {
  const keys: (string | null)[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    keys.push(request.headers.get('Idempotency-Key'))
    if (keys.length === 1) throw new TypeError('Failed to fetch')
    return new Response(JSON.stringify({ id: 'r', status: 'queued' }), { status: 201 })
  })
  await expect(startRun('w', 'k1')).resolves.toMatchObject({ id: 'r' })
  expect(keys).toEqual(['k1', 'k1'])
})

test('what was refused is not asked again', async () => {
  const fetched = vi.fn(async () => new Response('{"title": "No"}', { status: 400 }))
  vi.stubGlobal('fetch', fetched)
  await expect(startRun('w', 'k1')).rejects.toMatchObject({ status: 400 })
  expect(fetched).toHaveBeenCalledOnce()
})
