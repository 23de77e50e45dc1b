import { Button, Center, Loader } from '@mantine/core'
import { IconCloudOff, IconMapQuestion } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { ApiError, sentence } from '@/api/errors'
import { useMay, useMe } from '@/api/me'
import { useSteps } from '@/api/steps'
import type { Workflow } from '@/api/types'
import { useWorkflow } from '@/api/workflows'
import { EmptyState } from '@/components/EmptyState'
import { NoLibrary } from '@/components/NoLibrary'
import { armedKey, armedOf } from './bar/useArmed'
import { EditorProvider } from './context'
import { Editor } from './Editor'
import { readDraft } from './model/drafts'
import { openSession, openToLook } from './session'

/** Opens a workflow: fetched anew, together with what this browser still kept of it. */
export function EditorPage() {
  const { id = '' } = useParams()
  const { data, error, refetch, isFetchedAfterMount } = useWorkflow(id)
  const library = useSteps()
  const { isPending: waitsForMe } = useMe()
  const may = useMay()
  if (error && !data) {
    const gone = error instanceof ApiError && error.status === 404
    return (
      <EmptyState
        icon={gone ? <IconMapQuestion /> : <IconCloudOff />}
        title={gone ? 'This workflow is not here' : 'The workflow could not be loaded'}
        heading="h1"
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
  if (!data || !isFetchedAfterMount || library.isPending || waitsForMe) {
    return (
      <Center flex={1}>
        <Loader role="status" aria-label="Loading the workflow" />
      </Center>
    )
  }
  return <Opened key={id} workflow={data} mayEdit={may.edit} mayRun={may.run} />
}

interface OpenedProps {
  workflow: Workflow
  mayEdit: boolean
  mayRun: boolean
}

function Opened({ workflow, mayEdit, mayRun }: OpenedProps) {
  const client = useQueryClient()
  const [session] = useState(() => {
    // What is still known from the last time the editor was open is not newer than this.
    client.setQueryData(armedKey(workflow.id), armedOf(workflow))
    return {
      ...(mayEdit ? openSession(workflow, readDraft(workflow.id)) : openToLook(workflow)),
      armed: armedOf(workflow),
      mayEdit,
      mayRun,
    }
  })
  return (
    <EditorProvider id={workflow.id} {...session}>
      <Editor />
    </EditorProvider>
  )
}
