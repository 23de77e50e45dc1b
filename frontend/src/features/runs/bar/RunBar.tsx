import { Button } from '@mantine/core'
import { IconPlayerStop, IconRepeat } from '@tabler/icons-react'
import { Link } from 'react-router'
import { StatusMark } from '@/components/StatusMark'
import { type View, ViewSwitch } from '@/components/ViewSwitch'
import { ago, duration } from '@/lib/format'
import { useRunState, useRunView } from '../context'
import { Elapsed } from '../Elapsed'
import { isOver } from '../model/events'
import {
  nodeInQuestion,
  type RunState,
  shareDone,
  stepsDone,
  stepsFailed,
  stepsWorking,
} from '../model/state'
import classes from './RunBar.module.css'

interface Props {
  view: View
  onView: (view: View) => void
}

/** Which run this is, how it stands, how long it takes; Stop while it works, Run again afterwards. */
export function RunBar({ view, onView }: Props) {
  const { run, actions } = useRunView()
  const status = useRunState(state => state.status)
  const over = isOver(status)
  const { stop, stopping, again, starting } = actions
  return (
    <>
      <div className={classes.bar}>
        <div className={classes.who}>
          <div className={classes.path}>
            <Link to={`/workflows/${run.workflow}`} className={classes.back} title={run.workflow_name}>
              {run.workflow_name}
            </Link>
            <span className={classes.slash} aria-hidden="true">
              /
            </span>
            <h1 className={classes.heading}>Run {run.number}</h1>
          </div>
          <Standing />
        </div>
        <div className={classes.tools}>
          {/* The times change their width; at the left they push nothing that somebody is about to press. */}
          <Times />
          <ViewSwitch view={view} onView={onView} className={classes.views} />
          {over && again && (
            <Button
              className={classes.act}
              variant="default"
              leftSection={<IconRepeat size={17} stroke={1.75} aria-hidden />}
              loading={starting}
              onClick={() => again()}
            >
              Run again
            </Button>
          )}
          {!over && stop && (
            <Button
              className={classes.act}
              variant="outline"
              color="bad"
              leftSection={<IconPlayerStop size={17} stroke={1.75} aria-hidden />}
              disabled={stopping}
              onClick={stop}
            >
              Stop
            </Button>
          )}
        </div>
      </div>
      <Progress />
    </>
  )
}

/** How the run stands. The words lead to the step they are about. */
function Standing() {
  const { actions, onWanted } = useRunView()
  const status = useRunState(state => state.status)
  const word = useRunState(statusWords)
  const node = useRunState(nodeInQuestion)
  if (actions.stopping && !isOver(status)) return <StatusMark status={status} word="Stopping…" />
  const mark = <StatusMark status={status} {...(word !== undefined && { word })} />
  if (node === null) return mark
  return (
    <button
      type="button"
      className={classes.standing}
      title="Go to this step"
      onClick={() => onWanted({ node, held: true })}
    >
      {mark}
    </button>
  )
}

/** “Working · step 3 of 4”, “Stopped at step 2 of 4”. */
export function statusWords(state: RunState): string | undefined {
  const all = state.order.length
  const working = stepsWorking(state)
  if (state.status === 'running' && working > 1) return `Working · ${working} steps at once`
  if (state.status === 'succeeded' && stepsFailed(state) > 0) return 'Done, after a failure'
  if (state.status === 'running' && all > 1)
    return `Working · step ${Math.min(stepsDone(state) + 1, all)} of ${all}`
  if ((state.status === 'failed' || state.status === 'waiting') && state.failedNode && all > 1) {
    const place = `step ${state.order.indexOf(state.failedNode) + 1} of ${all}`
    return state.status === 'failed' ? `Failed at ${place}` : `Needs you at ${place}`
  }
  return undefined
}

function Times() {
  const { run } = useRunView()
  const startedAt = useRunState(state => state.startedAt)
  const finishedAt = useRunState(state => state.finishedAt)
  const running = useRunState(state => !isOver(state.status) && state.status !== 'waiting')
  const usual = run.usual_seconds ? `usually ${duration(run.usual_seconds)}` : ''
  const begun = `${ago(run.created_at)}${run.started_by ? `, by ${run.started_by}` : ''}`
  return (
    <span className={classes.times}>
      <Elapsed start={startedAt} end={finishedAt} running={running} className={classes.took} />
      <span className={classes.usual}>{running ? usual : begun}</span>
    </span>
  )
}

/** How far the run is: steps that are over, and what running steps say of themselves. Over, it says nothing more. */
function Progress() {
  const all = useRunState(state => state.order.length)
  const done = useRunState(stepsDone)
  const share = useRunState(state => Math.round(100 * shareDone(state)))
  const over = useRunState(state => isOver(state.status))
  if (over) return <div className={classes.progress} data-over />
  return (
    <div
      className={classes.progress}
      role="progressbar"
      aria-label="Steps that are over"
      aria-valuemin={0}
      aria-valuemax={all}
      aria-valuenow={done}
    >
      <span style={{ width: `${share}%` }} />
    </div>
  )
}
