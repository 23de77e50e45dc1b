import { Button, Group, Modal, PasswordInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useEffect, useState } from 'react'
import { sentence } from '@/api/errors'
import { useSetPassword } from '@/api/me'

interface Props {
  opened: boolean
  onClose: () => void
}

export function PasswordDialog({ opened, onClose }: Props) {
  const save = useSetPassword()
  const { reset } = save
  const [password, setPassword] = useState('')
  useEffect(() => {
    if (!opened) return
    setPassword('')
    reset()
  }, [opened, reset])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(password, {
      onSuccess: () => {
        notifications.show({ message: 'Your password is set. You can sign in with it from now on.' })
        onClose()
      },
    })
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Set a password">
      <form onSubmit={submit}>
        <PasswordInput
          label="New password"
          description="A few words in a row are easy to keep in mind and hard to guess."
          value={password}
          onChange={event => setPassword(event.currentTarget.value)}
          error={save.isError && sentence(save.error)}
          autoComplete="new-password"
          data-autofocus
        />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending} disabled={password === ''}>
            Save
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
