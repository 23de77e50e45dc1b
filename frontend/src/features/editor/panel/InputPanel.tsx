import { CloseButton, SegmentedControl, Textarea, TextInput } from '@mantine/core'
import type { InputKind } from '@/api/types'
import { StepIcon } from '@/components/StepIcon'
import { useDispatch, useDocument } from '../context'
import { givenSize } from '../model/given'
import { Fields } from './Fields'
import { FileDrop } from './FileDrop'
import classes from './SidePanel.module.css'

const KINDS = [
  { value: 'none', label: 'Nothing' },
  { value: 'text', label: 'A text' },
  { value: 'file', label: 'A file' },
]

/** What the workflow is given at the start, and an example of it that runs use when nothing else is given. */
export function InputPanel({ onClose }: { onClose: () => void }) {
  const input = useDocument(document => document.input)
  const dispatch = useDispatch()
  const set = (change: Partial<typeof input>) => dispatch({ type: 'input', input: { ...input, ...change } })

  return (
    <div>
      <div className={classes.head}>
        <StepIcon icon="upload" category="get" size={30} />
        <h2 className={classes.title} style={{ margin: 0 }} tabIndex={-1} data-aside-heading>
          What it starts with
        </h2>
        <CloseButton data-autofocus aria-label="Close the settings" onClick={onClose} />
      </div>
      <div className={classes.body}>
        <Fields>
          <SegmentedControl
            fullWidth
            data={KINDS}
            value={input.kind}
            onChange={kind => set({ kind: kind as InputKind })}
            aria-label="The workflow starts with"
            mb="md"
          />
          {input.kind === 'none' && (
            <p className={classes.summary}>
              The first step gets its data by itself, such as a web page or made-up words.
            </p>
          )}
          {input.kind !== 'none' && (
            <TextInput
              label="Call it"
              placeholder={input.kind === 'text' ? 'Text to work on' : 'Orders of the month'}
              value={input.title}
              onChange={event => set({ title: event.currentTarget.value })}
              maxLength={200}
              mb="md"
            />
          )}
          {input.kind === 'text' && (
            <Textarea
              label="The text"
              description="Runs use it when no other text is given."
              value={input.sample}
              onChange={event => set({ sample: event.currentTarget.value, name: undefined })}
              autosize
              minRows={8}
              maxRows={24}
            />
          )}
          {input.kind === 'file' && <FileDrop input={input} onChange={set} />}
          {input.kind === 'file' && input.sample !== '' && (
            <p className={classes.summary} style={{ marginTop: 10 }}>
              {givenSize(input)}. Runs use it when no other file is given.
            </p>
          )}
        </Fields>
      </div>
    </div>
  )
}
