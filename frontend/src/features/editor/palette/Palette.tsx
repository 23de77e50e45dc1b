import { chosenPipe, INPUT, useDocument, useScreen, useSurroundings } from '../context'
import { findNode } from '../model/graph'
import { findPipe } from '../model/pipes'
import { lastPlace, rows } from '../model/rows'
import classes from './Palette.module.css'
import { StepChoices } from './StepChoices'

/** The steps to build from, beside the list. */
export function Palette({ className }: { className?: string }) {
  const { actions } = useSurroundings()
  const graph = useDocument(document => document.graph)
  const selected = useScreen(state => state.selected)
  const chosen = findNode(graph, selected)?.id ?? findPipe(graph, chosenPipe(selected))?.source
  const after = selected === INPUT ? null : (chosen ?? lastPlace(rows(graph)).after)
  return (
    <aside className={`${classes.palette} ${className ?? ''}`} aria-label="Steps to add">
      <StepChoices after={after} draggable onChoose={step => actions.add(step)} />
    </aside>
  )
}
