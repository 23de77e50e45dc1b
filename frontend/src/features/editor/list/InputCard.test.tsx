import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { graphOf } from '@/test/graphOf'
import { aStep } from '@/test/steps'
import { SidePanel } from '../panel/SidePanel'
import { showInEditor } from '../showInEditor'
import { InputCard } from './InputCard'

const steps = [aStep({ slug: 'reads', takes: 'csv' }), aStep({ slug: 'makes', takes: 'nothing' })]
const beside = (
  <>
    <InputCard />
    <SidePanel narrow={false} />
  </>
)
const empty = { graph: graphOf(''), steps }
const card = () => screen.getByRole('button', { pressed: true })

test('a new workflow says where one’s data goes, and a table that is pasted there is understood', async () => {
  showInEditor(beside, empty)
  expect(screen.getByText('Your own data goes in here')).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Paste a text or table' }))
  expect(card()).toHaveFocus()
  await userEvent.click(screen.getByRole('textbox', { name: 'The text' }))
  await userEvent.paste('name\tStadt\nA\tKöln\nB\tBonn\n')
  expect(card()).toHaveTextContent('Table, 2 rows: name, Stadt')
})

test('a file can be given from there, too', async () => {
  showInEditor(beside, empty)
  await userEvent.click(screen.getByRole('button', { name: 'Give a file' }))
  expect(screen.getByRole('radio', { name: 'A file' })).toBeChecked()
  expect(screen.getByRole('button', { name: 'Choose a file' })).toBeVisible()
})

test('a table in a file is told with its name', () => {
  const input = { kind: 'file' as const, name: 'orders.csv', sample: 'city,price\nLima,3\n' }
  showInEditor(beside, { ...empty, input })
  expect(screen.getByRole('button')).toHaveTextContent('orders.csv. Table, 1 row: city, price')
})

test('nothing is offered where the steps need none, or where one may only look', () => {
  const { unmount } = showInEditor(beside, { steps, graph: graphOf('makes>reads') })
  expect(screen.getByText('The first step starts by itself')).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Give a file' })).not.toBeInTheDocument()
  unmount()
  showInEditor(beside, { ...empty, mayEdit: false })
  expect(screen.queryByRole('button', { name: 'Give a file' })).not.toBeInTheDocument()
})
