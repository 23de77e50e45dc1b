import { ActionIcon, Tooltip } from '@mantine/core'
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { Link } from 'react-router'
import { useStore } from 'zustand'
import { ViewSwitch } from '@/components/ViewSwitch'
import { useDispatch, useDocument, useParts, useScreen, useSurroundings } from '../context'
import { Checklist } from './Checklist'
import { RunButton } from './RunButton'
import { SaveMark } from './SaveMark'
import classes from './TopBar.module.css'
import { WorkflowMenu } from './WorkflowMenu'

/** Name, whether it is saved, undo and redo, list or map, what is to fix, Run. */
export function TopBar({ narrow }: { narrow: boolean }) {
  const { screen, mayEdit, mayRun } = useParts()
  const { problems, notes } = useSurroundings()
  const name = useDocument(document => document.name)
  const view = useScreen(state => state.view)
  const dispatch = useDispatch()
  const [listed, setListed] = useState(false)
  const title = useRef<HTMLInputElement>(null)
  return (
    <div className={classes.bar}>
      <title>{`${name || 'Untitled workflow'} · Composer`}</title>
      {!narrow && (
        <>
          <Link to="/workflows" className={classes.back}>
            Workflows
          </Link>
          <span className={classes.slash} aria-hidden="true">
            /
          </span>
        </>
      )}
      <h1 className={classes.heading}>
        {/* The words give the width, the field lies on top of them. */}
        <span className={classes.width} aria-hidden="true">
          {name || 'Untitled workflow'}
        </span>
        <input
          ref={title}
          className={classes.name}
          aria-label="Name of the workflow"
          placeholder="Untitled workflow"
          value={name}
          readOnly={!mayEdit}
          maxLength={200}
          onChange={event => dispatch({ type: 'rename', name: event.currentTarget.value })}
          onKeyDown={event => event.key === 'Enter' && event.currentTarget.blur()}
        />
      </h1>
      {mayEdit && <SaveMark />}
      <div className={classes.tools}>
        {mayEdit && <UndoRedo />}
        <ViewSwitch view={view} onView={next => screen.setState({ view: next })} className={classes.views} />
        <Checklist
          opened={listed && problems.length + notes.length > 0}
          onChange={setListed}
          narrow={narrow}
        />
        {mayRun && <RunButton onProblems={() => setListed(true)} />}
        <WorkflowMenu onRename={() => setTimeout(() => title.current?.select(), 50)} />
      </div>
    </div>
  )
}

function UndoRedo() {
  const { document } = useParts()
  const { actions } = useSurroundings()
  const canUndo = useStore(document.store.temporal, history => history.pastStates.length > 0)
  const canRedo = useStore(document.store.temporal, history => history.futureStates.length > 0)
  return (
    <span className={classes.steps}>
      <Tooltip label="Undo (Ctrl Z)">
        <ActionIcon variant="subtle" size={36} aria-label="Undo" disabled={!canUndo} onClick={actions.undo}>
          <IconArrowBackUp size={19} stroke={1.75} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Redo (Ctrl Shift Z)">
        <ActionIcon variant="subtle" size={36} aria-label="Redo" disabled={!canRedo} onClick={actions.redo}>
          <IconArrowForwardUp size={19} stroke={1.75} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </span>
  )
}
