import { useMediaQuery } from '@mantine/hooks'
import { useMemo } from 'react'
import { useStepsBySlug } from '@/api/steps'
import { useSame } from '@/lib/useSame'
import { useActions } from './actions'
import { TopBar } from './bar/TopBar'
import { ConflictDialog } from './ConflictDialog'
import { SurroundingsProvider, useDocument, useParts, useScreen } from './context'
import classes from './Editor.module.css'
import { LookOnly } from './LookOnly'
import { useLastRun } from './lastRun'
import { DragArea } from './list/DragArea'
import { StepList } from './list/StepList'
import { MapView } from './MapView'
import type { SeenColumns } from './model/columns'
import { heldOver, knownProblems } from './model/problems'
import { AddStepDialog } from './palette/AddStepDialog'
import { Palette } from './palette/Palette'
import { SidePanel } from './panel/SidePanel'
import { LeadOnDialog } from './pipe/LeadOnDialog'
import { useShortcuts } from './shortcuts'
import { useAsked } from './useAsked'
import { useFlushing, useSaveState } from './useSaving'

/** The editor: palette, list (or map) and settings around one document. */
export function Editor() {
  const { id, mayEdit } = useParts()
  const steps = useStepsBySlug()
  const actions = useActions(steps)
  const graph = useDocument(document => document.graph)
  const view = useScreen(state => state.view)
  const announcement = useScreen(state => state.announcement)
  const narrow = useMediaQuery('(max-width: 900px)', undefined, { getInitialValueInEffect: false })
  const lastRun = useLastRun(id, graph)
  const save = useSaveState()
  useFlushing()
  useShortcuts(actions, mayEdit)
  useAsked(actions, steps.size > 0)

  const problems = useSame(
    useMemo(() => knownProblems(graph, steps, save.problems), [graph, steps, save.problems]),
  )
  const notes = useSame(useMemo(() => heldOver(save.notes, graph), [save.notes, graph]))
  const seen: SeenColumns = useMemo(() => {
    const found = new Map<string, readonly string[]>()
    for (const [node, look] of lastRun.looks) if (look.columns) found.set(node, look.columns)
    return found
  }, [lastRun.looks])
  const around = useMemo(
    () => ({ steps, problems, notes, lastRun, seen, actions }),
    [steps, problems, notes, lastRun, seen, actions],
  )

  return (
    <SurroundingsProvider value={around}>
      <TopBar narrow={narrow} />
      <DragArea>
        <div className={classes.screen}>
          <LookOnly />
          <div className={classes.room}>
            {!narrow && mayEdit && <Palette className={classes.palette} />}
            {view === 'list' ? <StepList /> : <MapView />}
            <SidePanel narrow={narrow} />
          </div>
        </div>
      </DragArea>
      <AddStepDialog />
      <LeadOnDialog />
      <ConflictDialog />
      <div className="visually-hidden" role="status" aria-live="polite">
        {announcement}
      </div>
    </SurroundingsProvider>
  )
}
