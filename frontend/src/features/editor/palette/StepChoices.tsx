import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { Step } from '@/api/types'
import { categoryTitle } from '@/lib/categories'
import { byCategory, searchSteps } from '@/lib/search'
import { useDocument, useSurroundings } from '../context'
import { findNode } from '../model/graph'
import { kindAfter } from '../model/kinds'
import { useTitle } from '../titles'
import { fittingSteps } from './fitting'
import { PaletteItem } from './PaletteItem'
import classes from './StepChoices.module.css'

interface Props {
  /** The card that the new step would stand after; null for the start. */
  after: string | null
  onChoose: (step: Step) => void
  draggable?: boolean
  autoFocus?: boolean
}

/** The library as a list to choose from: search, what fits here, then all by category. */
export function StepChoices({ after, onChoose, draggable = false, autoFocus = false }: Props) {
  const { steps } = useSurroundings()
  const graph = useDocument(document => document.graph)
  const input = useDocument(document => document.input)
  const [query, setQuery] = useState('')
  const afterTitle = useTitle(after)
  const kind = kindAfter({ graph, input, steps }, after)
  const before = (after !== null && findNode(graph, after)?.step) || null
  const all = useMemo(() => [...steps.values()], [steps])

  const groups = useMemo(() => {
    if (query.trim() !== '') return [{ title: 'Found', steps: searchSteps(all, query) }]
    const fitting = fittingSteps(all, kind, before)
    const rest = byCategory(all).map(group => ({ title: categoryTitle(group.category), steps: group.steps }))
    return fitting.length > 0 ? [{ title: `Fits after “${afterTitle}”`, steps: fitting }, ...rest] : rest
  }, [all, query, kind, before, afterTitle])

  const first = groups[0]?.steps[0]
  return (
    <div className={classes.choices}>
      <TextInput
        className={classes.search}
        classNames={{ input: classes.searchInput }}
        aria-label="Find a step"
        placeholder="Find a step"
        type="search"
        leftSection={<IconSearch size={17} stroke={1.75} aria-hidden />}
        value={query}
        onChange={event => setQuery(event.currentTarget.value)}
        onKeyDown={event => {
          if (event.key === 'Enter' && query.trim() !== '' && first) {
            // The new card gets the keyboard at once; this key press is not for it.
            event.preventDefault()
            onChoose(first)
          }
          if (event.key === 'Escape' && query !== '') {
            event.stopPropagation()
            setQuery('')
          }
        }}
        data-autofocus={autoFocus || undefined}
      />
      {groups.map(group => (
        <div key={group.title}>
          <h2 className={classes.heading}>{group.title}</h2>
          {group.steps.length === 0 && (
            <p className={classes.none}>
              No step found for “{query}”. Try another word for what should happen.
            </p>
          )}
          <ul className={classes.items}>
            {group.steps.map(step => (
              <li key={step.slug}>
                <PaletteItem
                  step={step}
                  draggable={draggable}
                  name={`${group.title} ${step.slug}`}
                  onChoose={() => {
                    onChoose(step)
                    setQuery('')
                  }}
                />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  )
}
