import { Button, Tabs } from '@mantine/core'
import { IconCircleDashed, IconFile } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { sentence } from '@/api/errors'
import { send } from '@/api/http'
import type { Preview } from '@/api/types'
import { bytes, number, plural } from '@/lib/format'
import classes from './DataPreview.module.css'
import { DataTable } from './DataTable'
import { JsonTree } from './JsonTree'
import { PictureView } from './PictureView'
import { TextView } from './TextView'

interface Props {
  preview: Preview
  /** Where the bytes themselves are. */
  address: string
  /** What this is, for screen readers: “What comes out of Change case”. */
  label: string
  /** What stands beside the tabs, such as Download. */
  aside?: ReactNode
}

type View = 'table' | 'json' | 'picture' | 'text'

const WORDS: Record<View, string> = { table: 'Table', json: 'Data', picture: 'Picture', text: 'Text' }

/** The ways in which data can be looked at, the best one first. */
export function viewsOf(preview: Preview): View[] {
  if (preview.kind === 'table') return ['table', 'text']
  if (preview.kind === 'json') return ['json', 'text']
  if (preview.kind === 'picture') return ['picture']
  return ['text']
}

/** Data as a person looks at it: table, data, picture or text. */
export function DataPreview({ preview, address, label, aside }: Props) {
  const views = viewsOf(preview)
  const [chosen, setChosen] = useState<View | null>(null)
  const view = chosen && views.includes(chosen) ? chosen : (views[0] ?? 'text')
  return (
    <div className={classes.frame}>
      {(views.length > 1 || aside) && (
        <div className={classes.bar}>
          {views.length > 1 && (
            <Tabs value={view} onChange={next => setChosen(next as View)} classNames={{ list: classes.tabs }}>
              <Tabs.List aria-label="Show as">
                {views.map(each => (
                  <Tabs.Tab key={each} value={each}>
                    {WORDS[each]}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
            </Tabs>
          )}
          {aside && <div className={classes.aside}>{aside}</div>}
        </div>
      )}
      <Shown view={view} preview={preview} address={address} label={label} />
    </div>
  )
}

function Shown({
  view,
  preview,
  address,
  label,
}: {
  view: View
  preview: Preview
  address: string
  label: string
}) {
  if (preview.kind === 'empty') {
    return (
      <Nothing icon={<IconCircleDashed />}>
        {preview.complete ? 'It is empty: nothing came through.' : 'Nothing yet.'}
      </Nothing>
    )
  }
  if (preview.kind === 'binary') {
    return (
      <Nothing icon={<IconFile />}>
        This is not text ({bytes(preview.bytes)}). Download it to open it.
      </Nothing>
    )
  }
  if (view === 'picture') return <PictureView address={address} label={label} />
  if (view === 'table') return <Table preview={preview} label={label} />
  if (view === 'json') return <JsonTree text={preview.text ?? ''} />
  if (preview.text !== null)
    return <TextView text={preview.text} label={label} truncated={preview.truncated} />
  return <RawText address={address} label={label} bytes={preview.bytes} />
}

function Table({ preview, label }: { preview: Preview; label: string }) {
  const rows = preview.rows ?? []
  return (
    <>
      <DataTable columns={preview.columns ?? []} rows={rows} label={label} />
      <p className={classes.foot}>{rowsShown(preview)}</p>
    </>
  )
}

/** So many columns are seen at a glance; of more it is said how many there are. */
const FEW = 7

/** “The first 200 of 2,340 rows”, “30 rows, 40 columns”. */
export function rowsShown(preview: Preview): string {
  const columns = preview.columns?.length ?? 0
  const wide = columns > FEW && preview.complete
  return wide ? `${rowsOf(preview)}, ${plural(columns, 'column')}` : rowsOf(preview)
}

function rowsOf({ rows, total_rows: total, complete }: Preview): string {
  const count = rows?.length ?? 0
  const whole = total === count
  if (!complete) return `The first ${plural(count, 'row')}; more are coming`
  if (total === null) return `The first ${plural(count, 'row')}`
  return whole ? plural(count, 'row') : `The first ${number(count)} of ${plural(total, 'row')}`
}

const LOOK = 64 * 1024

/** A table's own text, read when somebody asks for it. */
function RawText({ address, label, bytes: size }: { address: string; label: string; bytes: number }) {
  const raw = useQuery({
    queryKey: ['raw', address, size],
    queryFn: async ({ signal }) => {
      const answer = await send(address, { headers: { Range: `bytes=0-${LOOK - 1}`, Accept: '*/*' }, signal })
      return answer.text()
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (raw.data !== undefined) return <TextView text={raw.data} label={label} truncated={size > LOOK} />
  return (
    <p className={classes.foot}>
      {raw.error ? `${sentence(raw.error)} ` : 'Looking…'}
      {raw.error && (
        <Button variant="subtle" size="compact-sm" onClick={() => void raw.refetch()}>
          Try again
        </Button>
      )}
    </p>
  )
}

function Nothing({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.nothing}>
      <span aria-hidden="true">{icon}</span>
      <p>{children}</p>
    </div>
  )
}
