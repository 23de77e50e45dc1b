import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { graphOf } from '@/test/graphOf'
import { aStep } from '@/test/steps'
import { SidePanel } from '../panel/SidePanel'
import { showInEditor } from '../showInEditor'
import { InputCard } from './InputCard'
import { StepCard } from './StepCard'

const graph = graphOf('sort')
const [node] = graph.nodes
if (!node) throw new Error('There is no step')

const settings = () => screen.queryByRole('complementary', { name: 'Settings' })

test.each([
  ['a step', 'Sort lines', <StepCard key="step" node={node} />],
  ['what goes in', 'Starts with nothing', <InputCard key="input" />],
])(
  'a double click opens the settings of %s and leaves them open; Escape closes them',
  async (_, title, card) => {
    const part = (
      <>
        {card}
        <SidePanel narrow={false} />
      </>
    )
    showInEditor(part, { graph, steps: [aStep({ slug: 'sort', title: 'Sort lines' })] })
    await userEvent.dblClick(screen.getByText(title))
    expect(settings()).toBeVisible()
    await userEvent.click(screen.getByRole('button', { pressed: true }))
    expect(settings()).toBeVisible()
    await userEvent.keyboard('{Escape}')
    expect(settings()).not.toBeInTheDocument()
  },
)
