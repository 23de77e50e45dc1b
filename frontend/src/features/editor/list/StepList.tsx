import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useMemo } from 'react'
import { Pipe } from '@/components/flow/Pipe'
import { useDocument, useParts } from '../context'
import { lastPlace, rows } from '../model/rows'
import { EndGap, Gap } from './Gap'
import { InputCard } from './InputCard'
import { StepCard } from './StepCard'
import classes from './StepList.module.css'

/** The workflow as a stack of cards, top to bottom as the data flows. */
export function StepList() {
  const { screen } = useParts()
  const graph = useDocument(document => document.graph)
  const list = useMemo(() => rows(graph), [graph])
  const end = lastPlace(list)
  const addAtEnd = (
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
          <li key={row.node.id}>
            <Gap place={{ after: list[index - 1]?.node.id ?? null }} next={row} />
            <StepCard row={row} />
          </li>
        ))}
        <li>
          <Pipe flow="empty" className={classes.stub} />
          <EndGap place={end}>
            {list.length === 0 ? (
              <div className={classes.invitation}>
                <p className={classes.lead}>What should happen to your data?</p>
                <p>
                  <span className={classes.roomy}>Drag a step in here, or click one to add it. </span>
                  Each step passes its result on to the next.
                </p>
                {addAtEnd}
              </div>
            ) : (
              addAtEnd
            )}
          </EndGap>
        </li>
      </ol>
    </section>
  )
}
