import { Button, Loader } from '@mantine/core'
import { IconMapQuestion } from '@tabler/icons-react'
import { useEffect } from 'react'
import { Link, useParams } from 'react-router'
import { ApiError, sentence } from '@/api/errors'
import { useRun } from '@/api/runs'
import { useSteps } from '@/api/steps'
import { EmptyState } from '@/components/EmptyState'
import { NoLibrary } from '@/components/NoLibrary'
import { RunView } from './RunView'

/** /runs/:id */
export function RunPage() {
  const { id = '' } = useParams()
  const { data: run, error } = useRun(id)
  const library = useSteps()
  useEffect(() => {
    if (run) document.title = `Run ${run.number} · ${run.workflow_name} · Composer`
    return () => {
      document.title = 'Composer'
    }
  }, [run])
  if (error && !run) {
    const missing = error instanceof ApiError && error.status === 404
    return (
      <EmptyState
        icon={<IconMapQuestion />}
        title={missing ? 'There is no such run' : 'This run cannot be shown'}
        heading="h1"
      >
        <p>{missing ? 'It may have been deleted, or the link is not complete.' : sentence(error)}</p>
        <Button component={Link} to="/runs">
          See all runs
        </Button>
      </EmptyState>
    )
  }
  if (library.isError && !library.data) {
    return <NoLibrary error={library.error} onRetry={() => void library.refetch()} />
  }
  // Without the library the cards would have no words, and move when they come.
  if (!run || library.isPending) return <Loader m="xl" color="accent" aria-label="Loading" />
  // A run starts its own state: the next one must not inherit it.
  return <RunView key={run.id} run={run} />
}
