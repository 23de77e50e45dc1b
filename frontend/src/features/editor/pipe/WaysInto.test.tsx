import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'
import type { Graph } from '@/api/types'
import { graphOf } from '@/test/graphOf'
import { aStep } from '@/test/steps'
import { showInEditor } from '../showInEditor'
import { WaysInto } from './WaysInto'

const steps = ['a', 'b', 'c'].map(slug => aStep({ slug, title: slug.toUpperCase() }))
const reader = aStep({
  slug: 'z',
  title: 'Z',
  inputs: [{ name: 'prices', title: 'List of prices', takes: 'csv' }],
})
const graph = graphOf('a>z b>z c>z')
const withPrices: Graph = {
  ...graph,
  edges: graph.edges.map(edge => (edge.source === 'c' ? { ...edge, input: 'prices' } : edge)),
}
const drawn = (of: Graph, mayEdit = true) =>
  showInEditor(<WaysInto node="z" />, { graph: of, steps: [...steps, reader], mayEdit })

describe('the ways into a step', () => {
  test('that it reads in turn stand apart from what comes in as something else, under its title', () => {
    drawn(withPrices)
    const inTurn = screen.getByRole('list', { name: 'It reads them one after the other' })
    expect(inTurn).toHaveTextContent('AB')
    expect(screen.getByRole('list', { name: 'Beside that it takes' })).toHaveTextContent('Cas List of prices')
  })

  test('that come in each as something else are read in no order', () => {
    drawn({ ...withPrices, edges: withPrices.edges.filter(edge => edge.source !== 'b') })
    expect(screen.getByRole('list', { name: 'It takes' })).toBeInTheDocument()
    expect(screen.queryByRole('button', { name: /^Read / })).not.toBeInTheDocument()
  })

  test('are put in another order, which is heard', async () => {
    const { document, heard } = drawn(graph)
    await userEvent.click(screen.getByRole('button', { name: 'Read C earlier' }))
    expect(heard()).toBe('C is read as number 2 of 3')
    const { graph: now } = document.store.getState().document
    expect(now.edges.find(edge => edge.source === 'c')?.order).toBe(1)
  })

  test('are waited for all, or any, and that is heard', async () => {
    const { heard } = drawn(graph)
    await userEvent.click(screen.getByRole('radio', { name: 'any of them' }))
    expect(heard()).toBe('Z waits for any of the ways into it')
  })

  test('are there to look at for those who may not change them', () => {
    drawn(graph, false)
    expect(screen.getByRole('radio', { name: 'any of them' })).toBeDisabled()
    expect(screen.queryByRole('button', { name: /^Read / })).not.toBeInTheDocument()
  })
})
