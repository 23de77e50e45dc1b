import { Button, FileInput, Group, Modal, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { WorkflowInput } from '@/api/types'
import { bytes } from '@/lib/format'

interface Props {
  opened: boolean
  onClose: () => void
  input: WorkflowInput
  run: (input?: string | File) => Promise<boolean>
  busy: boolean
}

const ONCE = 'For this run only: the workflow keeps what it has.'

/** Asks what this one run starts with. */
export function RunDialog({ opened, onClose, input, run, busy }: Props) {
  const [text, setText] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const given = input.kind === 'file' ? file : text
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (given !== null) void run(given).then(started => started && onClose())
  }
  return (
    <Modal opened={opened} onClose={onClose} title={input.title || 'What should it work on?'} size={520}>
      <form onSubmit={submit}>
        {input.kind === 'file' ? (
          <FileInput
            label="File"
            description={file ? bytes(file.size) : ONCE}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            placeholder="Choose a file"
            value={file}
            onChange={setFile}
            clearable
            data-autofocus
          />
        ) : (
          <Textarea
            label="Text"
            description={ONCE}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={text}
            onChange={event => setText(event.currentTarget.value)}
            autosize
            minRows={6}
            maxRows={18}
            data-autofocus
          />
        )}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={given === null}>
            Run
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
