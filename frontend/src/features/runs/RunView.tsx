import { useMediaQuery } from '@mantine/hooks'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useLocation } from 'react-router'
import { useStepsBySlug } from '@/api/steps'
import type { Run, Status } from '@/api/types'
import { statusWord } from '@/components/StatusMark'
import type { View } from '@/components/ViewSwitch'
import { RunBar } from './bar/RunBar'
import { type Look, RunProvider, useRunState, type Wanted } from './context'
import { RunList } from './list/RunList'
import { RunMap } from './map/RunMap'
import { RunPanel } from './panel/RunPanel'
import classes from './RunView.module.css'
import { useRunActions } from './useRunActions'
import { useRunStream } from './useRunStream'

/** A run, live: bar, list or map, and what is looked at. */
export function RunView({ run }: { run: Run }) {
  const { store, lost } = useRunStream(run)
  const steps = useStepsBySlug()
  const [look, onLook] = useState<Look | null>(null)
  const [wanted, onWanted] = useState(useFailureAtFirst(run))
  const [view, setView] = useState<View>('list')
  const narrow = useMediaQuery('(max-width: 900px)', undefined, { getInitialValueInEffect: false })
  // Too small for a map.
  const tiny = useMediaQuery('(max-width: 700px)', undefined, { getInitialValueInEffect: false })
  const actions = useRunActions(run)
  const value = useMemo(
    () => ({ run, store, steps, look, onLook, wanted, onWanted, actions }),
    [run, store, steps, look, wanted, actions],
  )
  return (
    <RunProvider value={value}>
      <RunBar view={view} onView={setView} />
      <div className={classes.room}>
        {view === 'list' || tiny ? <RunList /> : <RunMap />}
        <RunPanel narrow={narrow} />
        {lost && (
          <p className={classes.lost} role="status">
            <IconPlugConnectedX size={17} stroke={1.75} aria-hidden />
            Reconnecting… what you see may be a few seconds old.
          </p>
        )}
      </div>
      <Announcer />
    </RunProvider>
  )
}

/** Who opens a run that failed is shown where, unless they came to a certain place of it. */
function useFailureAtFirst({ status, failed_node: node }: Run): Wanted | null {
  const { hash } = useLocation()
  return status === 'failed' && node !== null && hash === '' ? { node, held: false } : null
}

/** More at once than this nobody can listen to. */
const SAID_MOST = 3

/** Reads changes of the run and its steps aloud: what matters, and not every tick. */
function Announcer() {
  const [said, setSaid] = useState('')
  const status = useRunState(state => state.status)
  const steps = useRunState(state => state.steps)
  const before = useRef<Record<string, Status>>({})
  useEffect(() => {
    const news: string[] = []
    for (const step of Object.values(steps)) {
      const was = before.current[step.node]
      if (was !== undefined && was !== step.status) news.push(`${step.title}: ${statusWord(step.status)}`)
      before.current[step.node] = step.status
    }
    if (news.length > 0) setSaid(news.slice(-SAID_MOST).join('. '))
  }, [steps])
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {`Run: ${statusWord(status)}. ${said}`}
    </div>
  )
}
