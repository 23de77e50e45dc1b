import { Modal, UnstyledButton } from '@mantine/core'
import { StepIcon } from '@/components/StepIcon'
import { toHeading } from '@/lib/useAside'
import { useDocument, useParts, useScreen, useSurroundings } from '../context'
import lines from '../Lines.module.css'
import { cannotConnect } from '../model/pipes'
import { rows } from '../model/rows'
import { useTitle, useTitles } from '../titles'

/** Chooses the step that another one leads on to: the way to lay a pipe without a mouse. */
export function LeadOnDialog() {
  const { screen } = useParts()
  const leading = useScreen(state => state.leading)
  const title = useTitle(leading)
  return (
    <Modal
      opened={leading !== null}
      onClose={() => screen.setState({ leading: null })}
      title={`“${title}” leads on to`}
      size={460}
      // The pipe that was laid is open now, and what opened this may be gone.
      onExitTransitionEnd={toHeading}
    >
      {leading !== null && <Choices source={leading} />}
    </Modal>
  )
}

function Choices({ source }: { source: string }) {
  const { steps, actions } = useSurroundings()
  const title = useTitles()
  const graph = useDocument(document => document.graph)
  const list = rows(graph).filter(row => row.node.id !== source)
  return (
    <ul className={lines.list}>
      {list.map(({ node }) => {
        const step = steps.get(node.step)
        const why = cannotConnect(graph, source, node.id)
        return (
          <li key={node.id}>
            <UnstyledButton
              className={lines.item}
              disabled={why !== null}
              data-autofocus={why === null || undefined}
              onClick={() => actions.connect(source, node.id)}
            >
              <StepIcon icon={step?.icon ?? 'box'} category={step?.category ?? 'text'} size={30} />
              <span className={lines.words}>
                <span>{title(node.id)}</span>
                {why && <span className={lines.where}>{why}</span>}
              </span>
            </UnstyledButton>
          </li>
        )
      })}
    </ul>
  )
}
