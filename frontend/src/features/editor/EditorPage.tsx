import { Button, Center, Loader } from '@mantine/core'
import { IconCloudOff, IconMapQuestion } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { ApiError, sentence } from '@/api/errors'
import { useSteps } from '@/api/steps'
import type { Workflow } from '@/api/types'
import { useWorkflow } from '@/api/workflows'
import { EmptyState } from '@/components/EmptyState'
import { NoLibrary } from '@/components/NoLibrary'
import { armedOf } from './bar/useArmed'
import { EditorProvider } from './context'
import { Editor } from './Editor'
import { readDraft } from './model/drafts'
import { openSession } from './session'

/** Opens a workflow: fetched anew, together with what this browser still kept of it. */
export function EditorPage() {
  const { id = '' } = useParams()
  const { data, error, refetch, isFetchedAfterMount } = useWorkflow(id)
  const library = useSteps()
  if (error && !data) {
    const gone = error instanceof ApiError && error.status === 404
    return (
      <EmptyState
        icon={gone ? <IconMapQuestion /> : <IconCloudOff />}
        title={gone ? 'This workflow is not here' : 'The workflow could not be loaded'}
      >
        <p>{gone ? 'It may have been deleted.' : sentence(error)}</p>
        {gone ? (
          <Button component={Link} to="/workflows">
            Go to your workflows
          </Button>
        ) : (
          <Button onClick={() => void refetch()}>Try again</Button>
        )}
      </EmptyState>
    )
  }
  if (library.isError && !library.data) {
    return <NoLibrary error={library.error} onRetry={() => void library.refetch()} />
  }
  // Without the library every card would say that its step is not there.
  if (!data || !isFetchedAfterMount || library.isPending) {
    return (
      <Center flex={1}>
        <Loader role="status" aria-label="Loading the workflow" />
      </Center>
    )
  }
  return <Opened key={id} workflow={data} />
}

function Opened({ workflow }: { workflow: Workflow }) {
  const [session] = useState(() => ({
    ...openSession(workflow, readDraft(workflow.id)),
    armed: armedOf(workflow),
  }))
  return (
    <EditorProvider id={workflow.id} {...session}>
      <Editor />
    </EditorProvider>
  )
}
