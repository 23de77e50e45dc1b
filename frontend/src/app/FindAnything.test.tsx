import { notifications } from '@mantine/notifications'
import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useLocation } from 'react-router'
import { expect, test, vi } from 'vitest'
import { show } from '@/test/render'
import { FindAnything } from './FindAnything'

function Here() {
  return <output>{useLocation().pathname}</output>
}

/** Lists are empty; what is made is answered as the test says, a moment later. */
function answering(made: () => Response) {
  vi.stubGlobal('fetch', async (request: Request) => {
    if (request.method === 'GET') return Response.json({ results: [], next: null, count: 0 })
    await new Promise(resolve => setTimeout(resolve, 20))
    return made()
  })
}

async function makeNew() {
  show(
    <>
      <FindAnything />
      <Here />
    </>,
  )
  await userEvent.click(screen.getByRole('button', { name: /Find anything/ }))
  await userEvent.type(await screen.findByRole('combobox'), 'new workflow{Enter}')
}

test('a new workflow is opened, though the dialog is gone before it is made', async () => {
  answering(() => Response.json({ id: 'w7', graph: { nodes: [], edges: [] } }, { status: 201 }))
  await makeNew()
  await waitFor(() => expect(screen.getByRole('status')).toHaveTextContent('/workflows/w7'))
})

test('one that cannot be made says why', async () => {
  const told = vi.spyOn(notifications, 'show')
  answering(() => Response.json({ title: 'Forbidden', detail: 'Only editors may.' }, { status: 403 }))
  await makeNew()
  await waitFor(() =>
    expect(told).toHaveBeenCalledWith(expect.objectContaining({ message: 'Only editors may.' })),
  )
  expect(screen.getByRole('status')).toHaveTextContent(/^\/$/)
})
