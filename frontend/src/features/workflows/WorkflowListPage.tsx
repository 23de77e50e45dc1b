import { Button, Group, Loader, TextInput } from '@mantine/core'
import { IconCloudOff, IconPlus, IconSearch, IconUpload } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useNavigate } from 'react-router'
import { sentence } from '@/api/errors'
import { useMay } from '@/api/me'
import { useCreateWorkflow, useWorkflows } from '@/api/workflows'
import { complain } from '@/components/complain'
import { EmptyState } from '@/components/EmptyState'
import { useImportFile } from '@/components/workflow/useImportFile'
import { Invitation } from './Invitation'
import { useDeleting } from './useDeleting'
import { WorkflowCards } from './WorkflowCards'
import classes from './WorkflowListPage.module.css'

/** All workflows: a person's own first, then the samples. */
export function WorkflowListPage() {
  const { data, error, refetch } = useWorkflows()
  const { edit } = useMay()
  const create = useCreateWorkflow()
  const navigate = useNavigate()
  const importFile = useImportFile()
  const { remove } = useDeleting()
  const [query, setQuery] = useState('')
  const shown = useMemo(() => {
    const wanted = query.trim().toLowerCase()
    return (data ?? []).filter(entry => `${entry.name} ${entry.description}`.toLowerCase().includes(wanted))
  }, [data, query])
  const samples = shown.filter(entry => entry.is_sample)
  const own = shown.filter(entry => !entry.is_sample)
  const hasOwn = data?.some(entry => !entry.is_sample) ?? false

  const start = () =>
    create.mutate(
      {},
      {
        onSuccess: made => void navigate(`/workflows/${made.id}`),
        onError: complain,
      },
    )
  const newButton = (
    <Button
      leftSection={<IconPlus size={18} stroke={1.75} aria-hidden />}
      loading={create.isPending}
      onClick={start}
    >
      New workflow
    </Button>
  )

  if (error && !data) {
    return (
      <EmptyState icon={<IconCloudOff />} title="Your workflows could not be loaded" heading="h1">
        <p>{sentence(error)}</p>
        <Button onClick={() => void refetch()}>Try again</Button>
      </EmptyState>
    )
  }
  return (
    <div className={classes.page}>
      <title>Workflows · Composer</title>
      <div className={classes.head}>
        <h1 className={classes.title}>Workflows</h1>
        <Group gap={9} className={classes.tools}>
          {(data?.length ?? 0) > 6 && (
            <TextInput
              className={classes.find}
              type="search"
              aria-label="Find a workflow"
              placeholder="Find a workflow"
              leftSection={<IconSearch size={17} stroke={1.75} aria-hidden />}
              value={query}
              onChange={event => setQuery(event.currentTarget.value)}
            />
          )}
          {edit && (
            <Button
              variant="default"
              leftSection={<IconUpload size={18} stroke={1.75} aria-hidden />}
              loading={importFile.busy}
              onClick={importFile.choose}
            >
              Import
            </Button>
          )}
          {edit && newButton}
        </Group>
      </div>
      {importFile.field}
      {!data && <Loader role="status" aria-label="Loading your workflows" />}
      {data && !hasOwn && edit && query === '' && <Invitation onNew={start} sample={samples[0]} />}
      <WorkflowCards id="own" heading="Your workflows" workflows={own} onDelete={remove} />
      <WorkflowCards
        id="samples"
        heading="Samples to try and to change"
        workflows={samples}
        onDelete={remove}
      />
      {data && shown.length === 0 && query !== '' && (
        <EmptyState icon={<IconSearch />} title={`No workflow is called “${query}”`}>
          <Button variant="default" onClick={() => setQuery('')}>
            Show all
          </Button>
        </EmptyState>
      )}
    </div>
  )
}
