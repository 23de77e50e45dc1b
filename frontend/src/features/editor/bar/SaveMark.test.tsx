import { act, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'
import { graphOf } from '@/test/graphOf'
import type { SaveState } from '../model/autosave'
import { showInEditor } from '../showInEditor'
import { SaveMark } from './SaveMark'

function marked(state: Partial<SaveState>) {
  const { autosave } = showInEditor(<SaveMark />, { graph: graphOf('a>b') })
  act(() => autosave.state.setState(state))
  return (next: Partial<SaveState>) => act(() => autosave.state.setState(next))
}

describe('whether it is saved', () => {
  test('is seen, and read aloud to nobody as long as all is well', () => {
    marked({ phase: 'saved' })
    expect(screen.getByText('Saved')).toBeVisible()
    expect(screen.getByRole('status')).toBeEmptyDOMElement()
    expect(screen.queryByRole('button')).not.toBeInTheDocument()
  })

  test('is explained to the keyboard and to fingers, where something is the matter', async () => {
    marked({ phase: 'retrying', message: 'Composer cannot be reached right now.' })
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    expect(await screen.findByRole('dialog')).toHaveTextContent(
      'Composer cannot be reached right now. It tries again by itself. Nothing is lost: this browser keeps it.',
    )
  })

  test('stays explained while it is tried again, until it is saved', async () => {
    const become = marked({ phase: 'retrying', message: 'Composer cannot be reached right now.' })
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    become({ phase: 'saving' })
    expect(await screen.findByRole('dialog')).toHaveTextContent('cannot be reached')
    expect(screen.getByRole('button')).toHaveTextContent('Could not save: retrying')
    become({ phase: 'saved', message: null })
    expect(screen.queryByRole('button')).not.toBeInTheDocument()
  })

  test('promises nothing where this browser has no room to keep it', () => {
    marked({ phase: 'retrying', message: null, kept: false })
    expect(screen.getByRole('status')).toHaveTextContent(/leave this page open until it is saved\.$/)
    expect(screen.getByRole('status')).not.toHaveTextContent('Nothing is lost')
  })

  test('is read aloud with its reason, where something is the matter', () => {
    marked({ phase: 'refused', message: 'It is too large.' })
    expect(screen.getByRole('status')).toHaveTextContent(
      'Could not save. It is too large. Nothing is lost: this browser keeps it.',
    )
  })
})
