import { Alert, Button, Group, Modal, Textarea } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { ApiError, sentence } from '@/api/errors'
import { useAddStep } from '@/api/steps'
import type { Problem, Step } from '@/api/types'
import classes from './AddStepDialog.module.css'
import { readManifest } from './manifest'

const EXAMPLE = `slug: shout
version: 1.0.0
title: Shout it out
summary: Writes the text in capitals.
category: text
icon: speakerphone
image: busybox:1.36
command: [tr, "[:lower:]", "[:upper:]"]
takes: text
gives: text
params: {type: object, properties: {}}`

interface Props {
  opened: boolean
  onClose: () => void
  onAdded: (step: Step) => void
}

/** A step of one's own: its manifest, pasted as YAML or JSON. */
export function AddStepDialog({ opened, onClose, onAdded }: Props) {
  const add = useAddStep()
  const [text, setText] = useState('')
  const [reading, setReading] = useState<string | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const { manifest, error } = await readManifest(text)
    setReading(error)
    if (error === null) add.mutate(manifest, { onSuccess: onAdded })
  }
  const problems: Problem[] = add.error instanceof ApiError ? add.error.problems : []
  const trouble = reading ?? (add.error ? sentence(add.error) : null)
  return (
    <Modal opened={opened} onClose={onClose} title="Add a step of your own" size={640}>
      <form onSubmit={event => void submit(event)}>
        <p className={classes.lead}>
          For people who write programs: a step is a container image with a manifest that says what it is for.
          Paste the manifest here; every workflow can use the step at once.
        </p>
        <Textarea
          label="Manifest (YAML or JSON)"
          value={text}
          onChange={event => {
            setText(event.currentTarget.value)
            setReading(null)
            add.reset()
          }}
          placeholder={EXAMPLE}
          autosize
          minRows={12}
          maxRows={22}
          spellCheck={false}
          classNames={{ input: classes.code }}
          data-autofocus
        />
        {trouble && (
          <Alert
            mt="md"
            role="alert"
            color="bad"
            icon={<IconAlertTriangle />}
            classNames={{ root: classes.trouble }}
          >
            {problems.length === 0 ? (
              trouble
            ) : (
              <ul className={classes.problems}>
                {problems.map(problem => (
                  <li key={`${problem.field} ${problem.message}`}>
                    {problem.field && <code>{problem.field}</code>} {problem.message}
                  </li>
                ))}
              </ul>
            )}
          </Alert>
        )}
        <Group justify="space-between" mt="lg">
          <Button variant="subtle" onClick={() => setText(EXAMPLE)} disabled={text !== ''}>
            Start from an example
          </Button>
          <Group gap={9}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending} disabled={text.trim() === ''}>
              Add it
            </Button>
          </Group>
        </Group>
      </form>
    </Modal>
  )
}
