import { Button } from '@mantine/core'
import { IconArrowDown, IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { ApiError, sentence } from '@/api/errors'
import { send } from '@/api/http'
import { downloadAddress } from '@/api/runs'
import { useRunState, useRunView } from '../context'
import { isOver } from '../model/events'
import { lines } from '../model/log'
import { LogLines } from './LogLines'
import classes from './LogView.module.css'

const LOOK = 64 * 1024
/** So many lines are drawn; the download has them all. */
const SHOWN = 1000
/** As near to the end as this, one is at the end. */
const NEAR = 24

/** What a step says beside its data, as it comes. */
export function LogView({ node }: { node: string }) {
  const step = useRunState(state => state.steps[node])
  const live = useRunState(state => state.logs[node])
  const over = step ? isOver(step.status) : true
  const wanted = over && live === undefined
  const { data: kept, error, refetch } = useKeptLog(node, wanted)
  const text = live?.text ?? kept?.text ?? ''
  const all = useMemo(() => lines(text), [text])
  if (wanted && !kept) {
    return (
      <p className={classes.empty}>
        {error ? `${sentence(error)} ` : 'Looking…'}
        {error && (
          <Button variant="subtle" size="compact-sm" onClick={() => void refetch()}>
            Try again
          </Button>
        )}
      </p>
    )
  }
  if (all.length === 0) {
    return <p className={classes.empty}>{over ? 'This step said nothing.' : 'It has said nothing yet.'}</p>
  }
  const cut = live?.cut ?? kept?.cut ?? false
  return <Shown node={node} all={all} cut={cut || all.length > SHOWN} moving={!over} />
}

interface ShownProps {
  node: string
  all: ReturnType<typeof lines>
  cut: boolean
  moving: boolean
}

function Shown({ node, all, cut, moving }: ShownProps) {
  const { run } = useRunView()
  const frame = useRef<HTMLElement>(null)
  const [following, setFollowing] = useState(true)
  const first = Math.max(0, all.length - SHOWN)
  const toEnd = () => frame.current?.scrollTo({ top: frame.current.scrollHeight })
  useEffect(() => {
    if (following && all.length > 0) frame.current?.scrollTo({ top: frame.current.scrollHeight })
  }, [following, all])
  return (
    <>
      <section
        ref={frame}
        className={classes.frame}
        aria-label="Log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={({ currentTarget: at }) =>
          setFollowing(at.scrollHeight - at.scrollTop - at.clientHeight < NEAR)
        }
      >
        {cut && <p className={classes.cut}>The beginning is not shown. Download it to see all.</p>}
        <LogLines lines={all.slice(first)} first={first} />
      </section>
      <div className={classes.foot}>
        {following ? (
          <span>{moving ? 'New lines appear here as they come' : 'The end of the log'}</span>
        ) : (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconArrowDown size={16} stroke={1.75} aria-hidden />}
            onClick={toEnd}
          >
            To the newest line
          </Button>
        )}
        <Button
          component="a"
          href={`${downloadAddress(run.id, node, 'log')}?download=1`}
          download
          variant="subtle"
          size="compact-sm"
          leftSection={<IconDownload size={16} stroke={1.75} aria-hidden />}
        >
          Download
        </Button>
      </div>
    </>
  )
}

/** The end of the log of a step that was over before this page was opened. */
function useKeptLog(node: string, wanted: boolean) {
  const { run } = useRunView()
  const address = downloadAddress(run.id, node, 'log')
  return useQuery({
    queryKey: ['raw', address],
    queryFn: async ({ signal }): Promise<{ text: string; cut: boolean }> => {
      try {
        const answer = await send(address, { headers: { Range: `bytes=-${LOOK}`, Accept: '*/*' }, signal })
        const text = await answer.text()
        const cut = Number(answer.headers.get('Content-Range')?.match(/^bytes (\d+)-/)?.[1] ?? 0) > 0
        return { text: cut ? text.slice(text.indexOf('\n') + 1) : text, cut }
      } catch (error) {
        // 404: it never ran; 416: its log is empty.
        const none = error instanceof ApiError && (error.status === 404 || error.status === 416)
        if (none) return { text: '', cut: false }
        throw error
      }
    },
    enabled: wanted,
  })
}
