import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { ApiError } from '@/api/errors'
import { send } from '@/api/http'
import { downloadAddress } from '@/api/runs'
import { useRunState, useRunView } from '../context'
import { isOver } from '../model/events'
import { lines } from '../model/log'
import classes from './LogView.module.css'

const LOOK = 64 * 1024
/** So many lines are drawn; the download has them all. */
const SHOWN = 1000

/** What a step says beside its data, as it comes. Lines for the person stand out. */
export function LogView({ node }: { node: string }) {
  const step = useRunState(state => state.steps[node])
  const live = useRunState(state => state.logs[node])
  const over = step ? isOver(step.status) : true
  const kept = useKeptLog(node, over && live === undefined)
  const text = live?.text ?? kept ?? ''
  const all = useMemo(() => lines(text), [text])
  const frame = useRef<HTMLElement>(null)
  const [following, setFollowing] = useState(true)
  useEffect(() => {
    if (following && all.length > 0) frame.current?.scrollTo({ top: frame.current.scrollHeight })
  }, [following, all])
  if (all.length === 0) {
    return <p className={classes.empty}>{over ? 'This step said nothing.' : 'It has said nothing yet.'}</p>
  }
  const shown = all.slice(-SHOWN)
  return (
    <section
      ref={frame}
      className={classes.frame}
      aria-label="Log"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: at }) =>
        setFollowing(at.scrollHeight - at.scrollTop - at.clientHeight < 24)
      }
    >
      {(live?.cut || all.length > SHOWN) && (
        <p className={classes.cut}>The beginning is not shown. Download it to see all.</p>
      )}
      {shown.map((line, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a log have no other name
        <div key={all.length - shown.length + place} className={classes.line} data-kind={line.kind}>
          {line.text || ' '}
        </div>
      ))}
    </section>
  )
}

/** The log of a step that was over before this page was opened. */
function useKeptLog(node: string, wanted: boolean): string | undefined {
  const { run } = useRunView()
  const address = downloadAddress(run.id, node, 'log')
  const { data } = useQuery({
    queryKey: ['raw', address],
    queryFn: async ({ signal }) => {
      try {
        const answer = await send(address, { headers: { Range: `bytes=-${LOOK}`, Accept: '*/*' }, signal })
        return await answer.text()
      } catch (error) {
        // 404: it never ran; 416: its log is empty.
        if (error instanceof ApiError && (error.status === 404 || error.status === 416)) return ''
        throw error
      }
    },
    enabled: wanted,
  })
  return data
}
