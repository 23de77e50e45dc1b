import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { Route, Routes } from 'react-router'
import { beforeEach, expect, test, vi } from 'vitest'
import { show } from '@/test/render'
import { RunPage } from './RunPage'

const run = { id: 'r', number: 1, workflow_name: 'W', status: 'succeeded', graph: {}, steps: [] }
let asked = 0

beforeEach(() => {
  asked = 0
  vi.stubGlobal('fetch', async (request: Request) => {
    if (!request.url.includes('/api/steps/')) return Response.json(run)
    asked += 1
    return Response.json({ detail: 'The server has too much to do.' }, { status: 500 })
  })
})

test('a library that does not come is not taken for an empty one', async () => {
  show(
    <Routes>
      <Route path="/runs/:id" element={<RunPage />} />
    </Routes>,
    { at: '/runs/r' },
  )
  expect(await screen.findByRole('heading', { name: /library of steps could not be loaded/ })).toBeVisible()
  expect(screen.getByText('The server has too much to do.')).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(asked).toBe(2)
})
