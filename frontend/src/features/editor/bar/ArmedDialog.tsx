import { Button, Group, Modal, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { sentence } from '@/api/errors'
import { bytes, plural } from '@/lib/format'
import { useDocument } from '../context'
import classes from './ArmedDialog.module.css'
import { useArmed } from './useArmed'

/** What one step takes while it waits for its turn. */
const WAITING = 7_000_000 // bytes

const CHOICES = [0, 1, 2, 5]

/** What can be chosen; a program may have set another number, which then is one of them. */
export function choicesWith(runs: number): { value: string; label: string }[] {
  const all = [...new Set([...CHOICES, runs])].sort((a, b) => a - b)
  return all.map(count => ({ value: String(count), label: count === 0 ? 'Off' : plural(count, 'run') }))
}

interface Props {
  opened: boolean
  onClose: () => void
}

/** How many runs stand ready to start at once, what that means, and what it costs. */
export function ArmedDialog({ opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keep ready to start at once" size={500}>
      <Choice onClose={onClose} />
    </Modal>
  )
}

function Choice({ onClose }: { onClose: () => void }) {
  const { armed, change } = useArmed()
  const steps = useDocument(document => document.graph.nodes.length)
  const [runs, setRuns] = useState(armed.runs)
  const known = runs === armed.runs ? armed.bytes : null
  const cost = known ?? steps * runs * WAITING
  return (
    <div className={classes.words}>
      <p>
        The steps of the next run are made ready beforehand and wait. A run then starts in a moment, without
        the time that getting ready takes; afterwards the next one is made ready.
      </p>
      <SegmentedControl
        fullWidth
        data={choicesWith(armed.runs)}
        value={String(runs)}
        onChange={value => setRuns(Number(value))}
        aria-label="How many runs stand ready"
      />
      <p>{costWords(steps, runs, cost)}</p>
      {change.error && (
        <p role="alert" className={classes.trouble}>
          {sentence(change.error)}
        </p>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={change.isPending} onClick={() => change.mutate(runs, { onSuccess: onClose })}>
          Keep it so
        </Button>
      </Group>
    </div>
  )
}

function costWords(steps: number, runs: number, cost: number): string {
  if (runs === 0) return 'Nothing waits, and nothing is used between runs.'
  const wait = steps * runs === 1 ? 'waits' : 'wait'
  const memory = bytes(cost)
  return `${plural(steps, 'step')} of ${plural(runs, 'run')} ${wait}: that takes about ${memory} of memory, all the time.`
}
