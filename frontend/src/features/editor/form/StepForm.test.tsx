import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { describe, expect, test, vi } from 'vitest'
import type { Params } from '@/lib/schema'
import { show } from '@/test/render'
import { aStep } from '@/test/steps'
import { StepForm } from './StepForm'

const step = aStep({
  params: {
    type: 'object',
    required: ['by'],
    properties: {
      by: { type: 'string', title: 'Group by', minLength: 1, 'x-widget': 'column' },
      calculate: {
        type: 'string',
        title: 'Then',
        default: 'sum',
        oneOf: [
          { const: 'sum', title: 'add up' },
          { const: 'count', title: 'count' },
        ],
      },
      column: { type: 'string', title: 'Column', 'x-show': { calculate: ['sum'] } },
      name: { type: 'string', title: 'Call it', default: 'total' },
      top: { type: 'integer', title: 'How many', 'x-more': true },
      case: { type: 'boolean', title: 'Mind capitals', default: false, 'x-more': true },
      unit: { type: 'string', title: 'Unit', 'x-widget': 'column', 'x-half': true },
      columns: { type: 'array', title: 'Also', items: { type: 'string' }, 'x-widget': 'columns' },
    },
  },
})

function filled(
  params: Params,
  errors: Record<string, string> = {},
  wanted: string | null = null,
  sure = true,
  columns: string[] = ['city', 'price'],
) {
  const told = vi.fn<(params: Params) => void>()
  function Form() {
    const [now, setNow] = useState(params)
    return (
      <StepForm
        step={step}
        params={now}
        errors={errors}
        columns={columns}
        sure={sure}
        wanted={wanted}
        onChange={next => {
          told(next)
          setNow(next)
        }}
      />
    )
  }
  show(<Form />)
  return { told, last: () => told.mock.lastCall?.[0], user: userEvent.setup() }
}

describe('a step’s form', () => {
  test('being drawn is no change, also where settings are not there', () => {
    const { told } = filled({ by: 'city' })
    expect(told).not.toHaveBeenCalled()
  })

  test('every keystroke is told', async () => {
    const { user, last } = filled({ by: 'city', name: '' })
    await user.type(screen.getByLabelText('Call it'), 'sum of all')
    expect(last()).toEqual({ by: 'city', name: 'sum of all' })
  })

  test('a field with a default can be emptied, and stays empty', async () => {
    const { user, last } = filled({ by: 'city', name: 'total' })
    await user.clear(screen.getByLabelText('Call it'))
    expect(screen.getByLabelText('Call it')).toHaveValue('')
    expect(last()).toEqual({ by: 'city', name: '' })
  })

  test('a choice is told by its value', async () => {
    const { user, last } = filled({ by: 'city', calculate: 'sum' })
    await user.selectOptions(screen.getByLabelText('Then'), 'count')
    expect(last()).toMatchObject({ calculate: 'count' })
  })

  test('a field that depends on another comes and goes with it, and keeps its value', async () => {
    const { user, last } = filled({ by: 'city', calculate: 'sum', column: 'price' })
    await user.selectOptions(screen.getByLabelText('Then'), 'count')
    expect(screen.queryByLabelText('Column')).not.toBeInTheDocument()
    await user.selectOptions(screen.getByLabelText('Then'), 'add up')
    expect(screen.getByLabelText('Column')).toHaveValue('price')
    expect(last()).toMatchObject({ column: 'price' })
  })

  test('a column can be chosen from those that arrive, or typed', async () => {
    const { user, last } = filled({})
    await user.click(screen.getByRole('combobox', { name: 'Group by' }))
    await user.click(await screen.findByRole('option', { name: 'price' }))
    expect(last()).toEqual({ by: 'price' })
    await user.clear(screen.getByRole('combobox', { name: 'Group by' }))
    await user.type(screen.getByRole('combobox', { name: 'Group by' }), 'town')
    expect(last()).toEqual({ by: 'town' })
  })

  test('a column that does not arrive is pointed out, and may stand there all the same', async () => {
    const { user } = filled({ by: 'town' })
    const field = screen.getByRole('combobox', { name: 'Group by' })
    expect(field).toHaveAccessibleDescription('No “town” among the columns that arrive here: city, price')
    expect(field).toBeValid()
    await user.clear(field)
    await user.type(field, 'city')
    expect(field).toHaveAccessibleDescription('Columns that arrive here: city, price')
  })

  test('in the place of a column that does not arrive, all that do can be chosen', async () => {
    const { user, last } = filled({ by: 'town' })
    const field = screen.getByRole('combobox', { name: 'Group by' })
    await user.click(field)
    expect(await screen.findByRole('option', { name: 'price' })).toBeVisible()
    await user.type(field, 's')
    expect(screen.queryByRole('option', { name: 'price' })).not.toBeInTheDocument()
    await user.tab()
    await user.click(field)
    await user.click(await screen.findByRole('option', { name: 'city' }))
    expect(last()).toEqual({ by: 'city' })
  })

  test('where other columns may arrive, nothing is pointed out', () => {
    filled({ by: 'town' }, {}, null, false)
    const field = screen.getByRole('combobox', { name: 'Group by' })
    expect(field).toHaveAccessibleDescription('Columns that arrive here: city, price')
  })

  test('where nobody knows the columns yet, the field says when they will be known', async () => {
    const { user, last } = filled({}, {}, null, false, [])
    const field = screen.getByRole('combobox', { name: 'Group by' })
    expect(field).toHaveAccessibleDescription(/not known yet.*after the first run/)
    expect(screen.getByRole('combobox', { name: 'Unit' })).toHaveAccessibleDescription(/^Not known yet/)
    await user.type(field, 'town')
    expect(last()).toEqual({ by: 'town' })
  })

  test('several columns are a list', async () => {
    const { user, last } = filled({ by: 'city' })
    await user.type(screen.getByRole('combobox', { name: 'Also' }), 'price,town{Enter}')
    expect(last()).toEqual({ by: 'city', columns: ['price', 'town'] })
  })

  test('numbers are numbers, and what is none is kept as it was typed', async () => {
    const { user, last } = filled({ by: 'city', top: 1 })
    await user.click(screen.getByRole('button', { name: 'More options' }))
    await user.type(screen.getByLabelText('How many'), '2')
    expect(last()).toEqual({ by: 'city', top: 12 })
    await user.clear(screen.getByLabelText('How many'))
    expect(last()).toEqual({ by: 'city' })
    await user.type(screen.getByLabelText('How many'), '-')
    expect(last()).toEqual({ by: 'city', top: '-' })
    expect(screen.getByLabelText('How many')).toHaveValue('-')
  })

  test('a complaint stands at its field and opens what hides it', () => {
    filled({ by: 'city', top: -1 }, { top: '“How many” must be 1 or more' })
    expect(screen.getByRole('button', { name: 'More options' })).toHaveAttribute('aria-expanded', 'true')
    expect(screen.getByLabelText('How many')).toHaveAccessibleDescription(/must be 1 or more/)
    expect(screen.getByLabelText('How many')).toBeInvalid()
  })

  test('a field that is looked for is found by its name', () => {
    filled({ by: 'city' }, {}, 'case')
    expect(document.getElementById('param_case')).toBe(screen.getByLabelText('Mind capitals'))
    expect(screen.getByRole('button', { name: 'More options' })).toHaveAttribute('aria-expanded', 'true')
  })
})
