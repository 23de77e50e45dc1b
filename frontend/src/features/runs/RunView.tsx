import { useMediaQuery } from '@mantine/hooks'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { useStepsBySlug } from '@/api/steps'
import type { Run, Status } from '@/api/types'
import { statusWord } from '@/components/StatusMark'
import { RunBar, type View } from './bar/RunBar'
import { type Look, RunProvider, useRunState, useRunView } from './context'
import { RunList } from './list/RunList'
import { RunPanel } from './panel/RunPanel'
import classes from './RunView.module.css'
import { useRunStream } from './useRunStream'

const WorkflowMap = lazy(async () => ({ default: (await import('@/canvas')).WorkflowMap }))

/** A run, live: bar, list or map, and what is looked at. */
export function RunView({ run }: { run: Run }) {
  const { store, lost, skew } = useRunStream(run)
  const steps = useStepsBySlug()
  const [look, onLook] = useState<Look | null>(null)
  const [view, setView] = useState<View>('list')
  const narrow = useMediaQuery('(max-width: 900px)', undefined, { getInitialValueInEffect: false })
  const value = useMemo(() => ({ run, store, steps, look, onLook, skew }), [run, store, steps, look, skew])
  return (
    <RunProvider value={value}>
      <RunBar view={view} onView={setView} narrow={narrow} />
      {lost && (
        <p className={classes.lost} role="status">
          <IconPlugConnectedX size={17} stroke={1.75} aria-hidden />
          Reconnecting… what you see may be a few seconds old.
        </p>
      )}
      <div className={classes.room}>
        {view === 'list' || narrow ? <RunList /> : <MapView />}
        <RunPanel narrow={narrow} />
      </div>
      <Announcer />
    </RunProvider>
  )
}

function MapView() {
  const { run, steps, store, look, onLook } = useRunView()
  const states = useStore(store, state => state.steps)
  const input = { kind: run.input ? 'text' : 'none', title: 'What went in', sample: '' } as const
  const selected = look?.kind === 'step' ? look.node : look?.source === null ? 'input' : null
  const select = (id: string | null) => {
    if (id === null) onLook(null)
    else onLook(id === 'input' ? { kind: 'pipe', source: null } : { kind: 'step', node: id })
  }
  return (
    <section className={classes.map} aria-label="Map of the run">
      <Suspense fallback={null}>
        <WorkflowMap
          graph={run.graph}
          steps={steps}
          input={input}
          selected={selected}
          onSelect={select}
          states={states}
        />
      </Suspense>
    </section>
  )
}

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
    if (news.length > 0) setSaid(news.join('. '))
  }, [steps])
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {`Run: ${statusWord(status)}. ${said}`}
    </div>
  )
}
