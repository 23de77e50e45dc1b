import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import type { Preview } from '@/api/types'
import { show } from '@/test/render'
import { DataPreview } from '.'

const table = { kind: 'table', bytes: 4, columns: ['a'], rows: [['1']], text: null } as unknown as Preview

test('a table’s own text is looked for, says why it did not come, and can be asked for again', async () => {
  let answer: (response: Response) => void = () => undefined
  vi.stubGlobal('fetch', () => new Promise(resolve => (answer = resolve)))
  show(<DataPreview preview={table} address="/x" label="What comes out" />)
  await userEvent.click(screen.getByRole('tab', { name: 'Text' }))
  expect(screen.getByText('Looking…')).toBeInTheDocument()
  answer(Response.json({ detail: 'It cannot be read.' }, { status: 500 }))
  expect(await screen.findByText(/It cannot be read\./)).toBeInTheDocument()
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
  answer(new Response('a,b,c'))
  expect(await screen.findByText('a,b,c')).toBeInTheDocument()
})
