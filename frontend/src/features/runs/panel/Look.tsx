import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { sentence } from '@/api/errors'
import { asFile, downloadAddress, fetchPreview, type Port } from '@/api/runs'
import { DataPreview } from '@/components/data'
import { useRunState, useRunView } from '../context'
import { isOver } from '../model/events'
import classes from './Panel.module.css'

interface Props {
  /** null: what the run was given. */
  node: string | null
  port: Port
  /** A further output, or of several pipes in the one that is meant. */
  of?: string | undefined
  label: string
}

const EVERY = 1000 // ms between two looks while data still comes

/** A look at the data of one port; it goes on looking while the step still writes. */
export function Look({ node, port, of, label }: Props) {
  const { run } = useRunView()
  const status = useRunState(state => (node === null ? 'succeeded' : state.steps[node]?.status))
  const moving = status !== undefined && !isOver(status)
  const { data, error, isPending } = useQuery({
    queryKey: ['runs', 'preview', run.id, node, port, 200, status, of ?? ''],
    queryFn: ({ signal }) => fetchPreview(run.id, node, port, { limit: 200, of }, signal),
    refetchInterval: moving ? EVERY : false,
    retry: false,
    placeholderData: before => before,
  })
  if (isPending) return <p className={classes.quiet}>Looking…</p>
  if (error && !data) return <p className={classes.quiet}>{sentence(error)}</p>
  if (!data) return null
  const address = downloadAddress(run.id, node, port, of)
  return (
    <>
      <DataPreview
        preview={data}
        address={address}
        label={label}
        aside={
          data.kind !== 'empty' &&
          !data.is_sample && (
            <Button
              component="a"
              href={asFile(address)}
              download
              variant="subtle"
              size="compact-sm"
              leftSection={<IconDownload size={17} stroke={1.75} aria-hidden />}
            >
              Download
            </Button>
          )
        }
      />
      {data.is_sample && <p className={classes.sample}>The first 256 KB; it was not kept.</p>}
    </>
  )
}
