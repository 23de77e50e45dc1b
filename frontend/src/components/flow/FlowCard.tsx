import type { ReactNode, Ref } from 'react'
import { StepIcon } from '../StepIcon'
import classes from './FlowCard.module.css'

interface Props {
  icon: string
  category: string
  title: ReactNode
  /** The sentence under the title. */
  line?: ReactNode
  /** What stands at the right end: a state, a menu. */
  aside?: ReactNode
  tone?: 'plain' | 'bad' | 'warn'
  selected?: boolean
  onSelect?: () => void
  buttonRef?: Ref<HTMLButtonElement>
  className?: string | undefined
}

/** A step (or the run's input) as a card in the list. The whole card can be clicked; its button takes the keyboard. */
export function FlowCard(props: Props) {
  const { icon, category, title, line, aside, tone = 'plain', selected = false, onSelect } = props
  const words = (
    <>
      <span className={classes.title}>{title}</span>
      {line !== undefined && (
        <span className={`${classes.line} ${tone === 'warn' ? classes.warn : ''}`}>{line}</span>
      )}
    </>
  )
  return (
    <div
      className={`${classes.card} ${props.className ?? ''}`}
      data-selected={selected || undefined}
      data-tone={tone}
    >
      <StepIcon icon={icon} category={category} />
      {onSelect ? (
        <button
          type="button"
          ref={props.buttonRef}
          className={classes.words}
          aria-pressed={selected}
          onClick={onSelect}
        >
          {words}
        </button>
      ) : (
        <span className={classes.words}>{words}</span>
      )}
      {aside !== undefined && <span className={classes.aside}>{aside}</span>}
    </div>
  )
}
