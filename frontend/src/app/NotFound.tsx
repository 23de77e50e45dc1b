import { Button } from '@mantine/core'
import { IconMapQuestion, IconMoodSad } from '@tabler/icons-react'
import { Link, useRouteError } from 'react-router'
import { sentence } from '@/api/errors'
import { EmptyState } from '@/components/EmptyState'

export function NotFound() {
  return (
    <EmptyState icon={<IconMapQuestion />} title="There is nothing at this address" heading="h1">
      <p>It may have been deleted, or the link is not complete.</p>
      <Button component={Link} to="/workflows">
        Go to your workflows
      </Button>
    </EmptyState>
  )
}

/** A screen that broke: says so, and offers a way on. */
export function ScreenError() {
  const error = useRouteError()
  return (
    <EmptyState icon={<IconMoodSad />} title="This screen could not be shown" heading="h1">
      <p>{sentence(error)}</p>
      <Button onClick={() => window.location.reload()}>Load it again</Button>
    </EmptyState>
  )
}
