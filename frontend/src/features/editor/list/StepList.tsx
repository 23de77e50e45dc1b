import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useMemo } from 'react'
import { Pipe } from '@/components/flow/Pipe'
import { useDocument, useParts } from '../context'
import { lastPlace, rows } from '../model/rows'
import { useTitle } from '../titles'
import { EndGap, Gap } from './Gap'
import { InputCard } from './InputCard'
import { StepCard } from './StepCard'
import classes from './StepList.module.css'

/** The workflow as a stack of cards, top to bottom as the data flows. */
export function StepList() {
  const { screen, mayEdit } = useParts()
  const graph = useDocument(document => document.graph)
  const list = useMemo(() => rows(graph), [graph])
  const end = lastPlace(list)
  const addAtEnd = mayEdit && (
    <Button
      variant="default"
      className={classes.addStep}
      leftSection={<IconPlus size={17} stroke={1.75} aria-hidden />}
      onClick={() => screen.setState({ adding: { place: end } })}
    >
      Add a step
    </Button>
  )
  return (
    <section className={classes.area} aria-label="Steps of the workflow">
      <ol className={classes.list}>
        <li>
          <InputCard />
        </li>
        {list.map((row, index) => (
          <li key={row.node.id} style={{ '--depth': row.depth } as React.CSSProperties}>
            <Gap above={list[index - 1]?.node.id ?? null} row={row} />
            <StepCard node={row.node} />
            {row.loose && mayEdit && <LooseEnd id={row.node.id} />}
          </li>
        ))}
        {(mayEdit || list.length === 0) && (
          <li style={{ '--depth': list.at(-1)?.depth ?? 0 } as React.CSSProperties}>
            <Pipe flow="empty" className={classes.stub} />
            <EndGap place={end}>{list.length === 0 ? <Invitation>{addAtEnd}</Invitation> : addAtEnd}</EndGap>
          </li>
        )}
      </ol>
    </section>
  )
}

/** Where nothing is yet. */
function Invitation({ children }: { children: React.ReactNode }) {
  const { mayEdit } = useParts()
  const nothing = useDocument(document => document.input.kind === 'none')
  return (
    <div className={classes.invitation}>
      <p className={classes.lead}>{mayEdit ? 'What should happen to your data?' : 'No steps yet'}</p>
      {mayEdit && (
        <p>
          {nothing && 'Give your data in the card above. '}
          <span className={classes.roomy}>Drag a step in here, or click one to add it. </span>
          Each step passes its result on to the next.
        </p>
      )}
      {children}
    </div>
  )
}

/** The end of one of several ways: more can follow here too. */
function LooseEnd({ id }: { id: string }) {
  const { screen } = useParts()
  const title = useTitle(id)
  return (
    <EndGap place={{ after: id }}>
      <button
        type="button"
        className={classes.more}
        onClick={() => screen.setState({ adding: { place: { after: id } } })}
      >
        <IconPlus size={15} stroke={1.75} aria-hidden /> Add a step here
        <span className="visually-hidden">, after {title}</span>
      </button>
    </EndGap>
  )
}
