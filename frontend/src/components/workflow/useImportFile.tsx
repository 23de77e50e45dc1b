import { notifications } from '@mantine/notifications'
import { useRef } from 'react'
import { useNavigate } from 'react-router'
import { sentence } from '@/api/errors'
import { useImportWorkflow } from '@/api/workflows'

/** Lets a person choose an exported workflow; opens it once it is in. Put `field` somewhere on the screen. */
export function useImportFile() {
  const input = useRef<HTMLInputElement>(null)
  const navigate = useNavigate()
  const bring = useImportWorkflow()

  const take = async (file: File) => {
    bring.mutate(await file.text(), {
      onSuccess: made => void navigate(`/workflows/${made.id}`),
      onError: error =>
        notifications.show({
          color: 'bad',
          // It stays until somebody has read it.
          autoClose: false,
          title: `${file.name} could not be imported`,
          message: sentence(error),
        }),
    })
  }
  const field = (
    <input
      ref={input}
      type="file"
      accept=".yaml,.yml,.json"
      aria-label="Workflow file"
      hidden
      onChange={event => {
        const file = event.currentTarget.files?.[0]
        if (file) void take(file)
        event.currentTarget.value = ''
      }}
    />
  )
  return { choose: () => input.current?.click(), field, busy: bring.isPending }
}
