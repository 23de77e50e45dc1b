import { Button } from '@mantine/core'
import { IconCloudOff } from '@tabler/icons-react'
import { sentence } from '@/api/errors'
import { EmptyState } from './EmptyState'

/** In place of a screen that would take a library that did not come for an empty one. */
export function NoLibrary({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <EmptyState icon={<IconCloudOff />} title="The library of steps could not be loaded" heading="h1">
      <p>{sentence(error)}</p>
      <Button onClick={onRetry}>Try again</Button>
    </EmptyState>
  )
}
