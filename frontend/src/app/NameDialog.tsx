import { Button, Group, Modal, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useState } from 'react'
import { sentence } from '@/api/errors'
import { useMe, useRename } from '@/api/me'

interface Props {
  opened: boolean
  onClose: () => void
}

export function NameDialog({ opened, onClose }: Props) {
  const { data: me } = useMe()
  const rename = useRename()
  const [name, setName] = useState('')
  useEffect(() => {
    if (opened) setName(me?.name ?? '')
  }, [opened, me])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    rename.mutate(name.trim(), { onSuccess: onClose })
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Your name">
      <form onSubmit={submit}>
        <TextInput
          label="Name"
          description="Others see it beside the runs you start."
          value={name}
          onChange={event => setName(event.currentTarget.value)}
          error={rename.isError ? sentence(rename.error) : name.trim() === '' && 'Please write a name'}
          autoComplete="name"
          maxLength={150}
          data-autofocus
        />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={rename.isPending} disabled={name.trim() === ''}>
            Save
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
