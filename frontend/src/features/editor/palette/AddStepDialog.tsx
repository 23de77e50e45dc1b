import { Modal } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useParts, useScreen, useSurroundings } from '../context'
import { useTitle } from '../titles'
import { StepChoices } from './StepChoices'

/** Choosing a step for one place of the list: by the + between two cards, and on narrow screens always. */
export function AddStepDialog() {
  const { screen } = useParts()
  const { actions } = useSurroundings()
  const adding = useScreen(state => state.adding)
  const narrow = useMediaQuery('(max-width: 600px)')
  const after = adding?.place.after ?? null
  const title = useTitle(after)
  const close = () => screen.setState({ adding: null })
  return (
    <Modal
      opened={adding !== null}
      onClose={close}
      title={after === null ? 'Add a step at the start' : `Add a step after “${title}”`}
      fullScreen={narrow}
      size={420}
      // At the top: what is found while somebody types changes how high it is, and the field must not move.
      yOffset="12vh"
      // The new card takes the keyboard, not the button that opened this.
      returnFocus={false}
    >
      <StepChoices
        after={after}
        autoFocus
        onChoose={step => {
          if (adding) actions.add(step, adding.place, adding.below)
        }}
      />
    </Modal>
  )
}
