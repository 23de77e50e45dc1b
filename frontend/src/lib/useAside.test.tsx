import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { expect, test } from 'vitest'
import { useAside } from './useAside'

/** A page with two things to open; from the one beside it leads a way to the other. */
function Page() {
  const [shown, setShown] = useState<string | null>(null)
  useAside(shown, () => setShown(null))
  return (
    <>
      <button type="button" aria-pressed={shown === 'one'} onClick={() => setShown('one')}>
        Open one
      </button>
      {shown && (
        <aside key={shown}>
          <h2 tabIndex={-1} data-aside-heading>
            {shown}
          </h2>
          <button type="button" onClick={() => setShown(shown === 'one' ? 'two' : 'one')}>
            Go on
          </button>
        </aside>
      )}
    </>
  )
}

test('what a click opens takes the keyboard from nobody', async () => {
  render(<Page />)
  await userEvent.click(screen.getByText('Open one'))
  expect(screen.getByText('Open one')).toHaveFocus()
})

test.each(['{Enter}', ' '])(
  'what %j opens has the keyboard at its heading, and Escape leads back',
  async key => {
    render(<Page />)
    screen.getByText('Open one').focus()
    await userEvent.keyboard(key)
    expect(screen.getByRole('heading', { name: 'one' })).toHaveFocus()
    await userEvent.keyboard('{Escape}')
    expect(screen.queryByRole('heading')).not.toBeInTheDocument()
    expect(screen.getByText('Open one')).toHaveFocus()
  },
)

test('the key leads there once more from what is open already', async () => {
  render(<Page />)
  await userEvent.click(screen.getByText('Open one'))
  await userEvent.keyboard('{Enter}')
  expect(screen.getByRole('heading', { name: 'one' })).toHaveFocus()
})

test('where another takes its place, the heading of that has the keyboard, and Escape leads back to the start', async () => {
  render(<Page />)
  await userEvent.click(screen.getByText('Open one'))
  await userEvent.click(screen.getByText('Go on'))
  expect(screen.getByRole('heading', { name: 'two' })).toHaveFocus()
  await userEvent.keyboard('{Escape}')
  expect(screen.queryByRole('heading')).not.toBeInTheDocument()
  expect(screen.getByText('Open one')).toHaveFocus()
})
