import { Alert, Button, FileButton } from '@mantine/core'
import { IconFileText, IconUpload } from '@tabler/icons-react'
import { type DragEvent, useState } from 'react'
import type { WorkflowInput } from '@/api/types'
import { MiniTable } from '@/components/MiniTable'
import { csvTable } from '@/lib/csv'
import { bytes } from '@/lib/format'
import classes from './FileDrop.module.css'
import { readSample } from './sample'

interface Props {
  input: WorkflowInput
  onChange: (change: Partial<WorkflowInput>) => void
}

/** The file that runs start with when no other is given: choose it or drop it. */
export function FileDrop({ input, onChange }: Props) {
  const [over, setOver] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const take = async (file: File | null | undefined) => {
    if (!file) return
    const sample = await readSample(file)
    setRefusal(sample.refusal)
    if (sample.text !== null) onChange({ sample: sample.text, name: file.name })
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files[0])
  }
  const table = input.name?.endsWith('.csv') ? csvTable(input.sample, 4) : null
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is the first */}
      <div
        className={classes.zone}
        data-over={over || undefined}
        onDragOver={event => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <span className={classes.icon} aria-hidden="true">
          {input.name ? <IconFileText stroke={1.5} /> : <IconUpload stroke={1.5} />}
        </span>
        <b className={classes.name}>{input.name ?? 'Drop a file here'}</b>
        {input.name && <span className={classes.size}>{bytes(new Blob([input.sample]).size)}</span>}
        <FileButton onChange={file => void take(file)}>
          {props => (
            <Button {...props} size="xs" variant="default">
              {input.name ? 'Choose another file' : 'Choose a file'}
            </Button>
          )}
        </FileButton>
      </div>
      {refusal && (
        <Alert color="yellow" mt="sm" role="alert">
          {refusal}
        </Alert>
      )}
      {table && table.columns.length > 1 && (
        <div style={{ marginTop: 14 }}>
          <MiniTable columns={table.columns} rows={table.rows} label={`The first rows of ${input.name}`} />
        </div>
      )}
    </>
  )
}
