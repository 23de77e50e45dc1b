import { Button, Loader, Pagination, Select } from '@mantine/core'
import { IconCloudOff, IconPlayerPlay } from '@tabler/icons-react'
import { Link, useSearchParams } from 'react-router'
import { sentence } from '@/api/errors'
import { useRuns } from '@/api/runs'
import type { RunSummary, Status } from '@/api/types'
import { useWorkflows } from '@/api/workflows'
import { EmptyState } from '@/components/EmptyState'
import { StatusMark, statusWord } from '@/components/StatusMark'
import { ago } from '@/lib/format'
import { Elapsed } from './Elapsed'
import { isOver } from './model/events'
import classes from './RunListPage.module.css'

const SIZE = 25
const EVERY = 3000 // ms
const STATUSES: Status[] = ['running', 'queued', 'waiting', 'succeeded', 'failed', 'canceled']

/** /runs: every run, the newest first. */
export function RunListPage() {
  const [query, setQuery] = useSearchParams()
  const workflow = query.get('workflow') ?? undefined
  const status = query.get('status') ?? undefined
  const page = Number(query.get('page')) || 1
  const {
    data: runs,
    error,
    refetch,
  } = useRuns({ workflow, status, page, page_size: SIZE }, { refetchInterval: EVERY })
  const { data: workflows } = useWorkflows()
  const set = (name: string, value: string | null) => {
    const next = new URLSearchParams(query)
    if (value) next.set(name, value)
    else next.delete(name)
    if (name !== 'page') next.delete('page')
    setQuery(next, { replace: true })
  }
  return (
    <div className={classes.page}>
      <title>Runs · Composer</title>
      <header className={classes.head}>
        <h1>Runs</h1>
        <Select
          aria-label="Of which workflow"
          placeholder="All workflows"
          clearable
          searchable
          data={(workflows ?? []).map(each => ({ value: each.id, label: each.name }))}
          value={workflow ?? null}
          onChange={value => set('workflow', value)}
        />
        <Select
          aria-label="In which state"
          placeholder="Any state"
          clearable
          data={STATUSES.map(value => ({ value, label: statusWord(value) }))}
          value={status ?? null}
          onChange={value => set('status', value)}
        />
      </header>
      {error && !runs && (
        <EmptyState icon={<IconCloudOff />} title="The runs could not be loaded">
          <p>{sentence(error)}</p>
          <Button onClick={() => void refetch()}>Try again</Button>
        </EmptyState>
      )}
      {!runs && !error && <Loader color="accent" aria-label="Loading" />}
      {runs && runs.results.length === 0 && <Nothing filtered={Boolean(workflow || status)} />}
      {runs && runs.results.length > 0 && (
        <ul className={classes.list}>
          {runs.results.map(run => (
            <li key={run.id}>
              <Row run={run} />
            </li>
          ))}
        </ul>
      )}
      {runs && runs.count > SIZE && (
        <Pagination
          className={classes.pages}
          total={Math.ceil(runs.count / SIZE)}
          value={page}
          onChange={next => set('page', String(next))}
          getControlProps={control => ({ 'aria-label': `${control} page` })}
        />
      )}
    </div>
  )
}

function Row({ run }: { run: RunSummary }) {
  const { workflow_name: workflow, number, status, error, started_by: person } = run
  return (
    <Link to={`/runs/${run.id}`} className={classes.row}>
      <span className={classes.status}>
        <StatusMark status={status} />
      </span>
      <span className={classes.words}>
        <b>{workflow}</b>
        <span>
          Run {number}
          {error ? ` · ${error}` : person && ` · by ${person}`}
        </span>
      </span>
      <Elapsed
        start={run.started_at ?? null}
        end={run.finished_at ?? null}
        running={!isOver(status) && status !== 'waiting'}
        className={classes.took}
      />
      <span className={classes.when}>{ago(run.created_at)}</span>
    </Link>
  )
}

function Nothing({ filtered }: { filtered: boolean }) {
  return (
    <EmptyState icon={<IconPlayerPlay />} title={filtered ? 'No such runs' : 'Nothing has run yet'}>
      <p>
        {filtered
          ? 'Choose another workflow or state.'
          : 'Open a workflow and press Run. You can watch it here.'}
      </p>
      {filtered ? (
        <Button component={Link} to="/runs" variant="default">
          Show all runs
        </Button>
      ) : (
        <Button component={Link} to="/workflows">
          Choose a workflow
        </Button>
      )}
    </EmptyState>
  )
}
