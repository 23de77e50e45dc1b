import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { sentence } from '@/api/errors'
import type { Graph, Step } from '@/api/types'
import { createWorkflow, fetchWorkflow } from '@/api/workflows'
import { ago } from '@/lib/format'
import { titleOf } from '@/lib/nodes'
import classes from './ConflictDialog.module.css'
import { useDocument, useParts, useSurroundings } from './context'
import { keepDraft } from './model/drafts'
import { rows } from './model/rows'
import { documentOf } from './session'
import { useSaveState } from './useSaving'

/** Somebody else saved in between: shows both, and lets the person choose. Nothing is lost either way. */
export function ConflictDialog() {
  const { phase } = useSaveState()
  // Each conflict starts anew: what was loaded for the last one is not what is there now.
  return phase === 'conflict' ? <Choice /> : null
}

function Choice() {
  const { id, document, autosave } = useParts()
  const { steps } = useSurroundings()
  const mine = useDocument(whole => whole)
  const navigate = useNavigate()
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState<'mine' | 'both' | null>(null)
  const theirs = useQuery({
    queryKey: ['workflows', 'conflict', id],
    queryFn: ({ signal }) => fetchWorkflow(id, signal),
    gcTime: 0,
    staleTime: 0,
  })
  const other = theirs.isSuccess && !theirs.isFetching ? theirs.data : undefined
  const waits = !other || busy !== null

  const keepMine = async () => {
    if (!other) return
    setBusy('mine')
    await autosave.overwrite(other.revision)
  }
  const takeTheirs = () => {
    if (!other) return
    const taken = documentOf(other)
    // What was here stays in the history: undo brings it back.
    document.dispatch({ type: 'replace', document: taken })
    autosave.accept(other, taken)
  }
  const keepBoth = async () => {
    setBusy('both')
    try {
      const made = await createWorkflow({
        ...autosave.fit(mine),
        name: `${mine.name.slice(0, 180)} (my version)`,
      })
      // What cannot be saved yet, such as a half-written rule, goes along as well.
      keepDraft(made.id, { revision: made.revision, document: { ...mine, name: made.name } })
      takeTheirs()
      await navigate(`/workflows/${made.id}`)
    } catch (failure) {
      setError(sentence(failure))
      setBusy(null)
    }
  }
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title="This workflow was changed elsewhere"
      size={640}
    >
      <p className={classes.lead}>
        While you worked here, it was saved in another window or by somebody else. Which one do you want to go
        on with?
      </p>
      <div className={classes.both}>
        <Version title="Yours, in this window" name={mine.name} graph={mine.graph} steps={steps} />
        {other && (
          <Version
            title={`The other one, saved ${ago(other.updated_at)}`}
            name={other.name}
            graph={other.graph}
            steps={steps}
          />
        )}
      </div>
      {(error || theirs.isError) && <p className={classes.error}>{error ?? sentence(theirs.error)}</p>}
      <div className={classes.choices}>
        <Button disabled={waits} loading={busy === 'mine'} onClick={() => void keepMine()}>
          Keep mine
        </Button>
        <Button variant="default" disabled={waits} onClick={takeTheirs}>
          Take the other one
        </Button>
        <Button variant="default" disabled={waits} loading={busy === 'both'} onClick={() => void keepBoth()}>
          Keep both: mine as a copy
        </Button>
      </div>
    </Modal>
  )
}

function Version(props: { title: string; name: string; graph: Graph; steps: ReadonlyMap<string, Step> }) {
  const list = rows(props.graph)
  return (
    <section className={classes.version} aria-label={props.title}>
      <h3>{props.title}</h3>
      <b>{props.name}</b>
      <ol>
        {list.map(({ node }) => (
          <li key={node.id}>{titleOf(node, props.steps)}</li>
        ))}
      </ol>
      {list.length === 0 && <p>No steps</p>}
    </section>
  )
}
