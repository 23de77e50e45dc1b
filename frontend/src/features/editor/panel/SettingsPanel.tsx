import { CloseButton } from '@mantine/core'
import { useEffect, useMemo, useRef } from 'react'
import type { GraphNode } from '@/api/types'
import { StepIcon } from '@/components/StepIcon'
import { titleOf } from '@/lib/nodes'
import { NAME, useDispatch, useDocument, useParts, useScreen, useSurroundings } from '../context'
import { StepForm } from '../form/StepForm'
import { columnsAreSure, columnsInto } from '../model/columns'
import { incoming } from '../model/graph'
import { WaysInto } from '../pipe/WaysInto'
import { WaysOn } from '../pipe/WaysOn'
import { Fields } from './Fields'
import classes from './SidePanel.module.css'
import { WhatComesOut } from './WhatComesOut'

/** The settings of one step, and what came out of it. */
export function SettingsPanel({ node, onClose }: { node: GraphNode; onClose: () => void }) {
  const { steps, problems, seen, lastRun } = useSurroundings()
  const { mayEdit } = useParts()
  const dispatch = useDispatch()
  const graph = useDocument(document => document.graph)
  const input = useDocument(document => document.input)
  const wanted = useScreen(state => (state.wanted?.node === node.id ? state.wanted : null))
  const body = useRef<HTMLDivElement>(null)
  const step = steps.get(node.step)
  const mine = useMemo(() => problems.filter(problem => problem.node === node.id), [problems, node.id])
  const errors = useMemo(
    () => Object.fromEntries(mine.map(problem => [problem.field ?? '', problem.message])),
    [mine],
  )
  const fields = Object.keys((step?.params as { properties?: object } | undefined)?.properties ?? {})
  const others = mine.filter(problem => !fields.includes(problem.field ?? ''))
  const { stale } = lastRun
  const flow = useMemo(() => ({ graph, input, steps, seen, stale }), [graph, input, steps, seen, stale])
  const columns = useMemo(() => columnsInto(flow, node.id), [flow, node.id])
  const sure = useMemo(() => columnsAreSure(flow, node.id), [flow, node.id])
  const several = useMemo(() => incoming(graph, node.id).length > 1, [graph, node.id])
  useWantedField(wanted, body)

  return (
    <div ref={body}>
      <div className={classes.head}>
        <StepIcon icon={step?.icon ?? 'box'} category={step?.category ?? 'text'} size={30} />
        <h2 className="visually-hidden" tabIndex={-1} data-aside-heading>
          {titleOf(node, steps)}
        </h2>
        <input
          id="panel-title"
          className={classes.title}
          aria-label="Name of this step in the workflow"
          value={node.title ?? ''}
          placeholder={step?.title ?? node.step}
          maxLength={200}
          readOnly={!mayEdit}
          onChange={event => dispatch({ type: 'retitle', id: node.id, title: event.currentTarget.value })}
        />
        <CloseButton data-autofocus aria-label="Close the settings" onClick={onClose} />
      </div>
      <div className={classes.body}>
        {others.map(problem => (
          <p key={problem.message} className={classes.flow} role="note">
            {problem.message}
          </p>
        ))}
        {step ? (
          <>
            <p className={classes.summary}>{step.summary}</p>
            <Fields>
              <StepForm
                step={step}
                params={node.params}
                errors={errors}
                columns={columns}
                sure={sure}
                wanted={wanted?.field ?? null}
                onChange={params => dispatch({ type: 'params', id: node.id, params })}
              />
            </Fields>
          </>
        ) : (
          <p className={classes.summary}>
            This step is no longer in the library. Its settings are kept; delete it or put another in its
            place.
          </p>
        )}
        {several && (
          <>
            <hr className={classes.rule} />
            <WaysInto node={node.id} />
          </>
        )}
        <hr className={classes.rule} />
        <WaysOn node={node.id} />
        <hr className={classes.rule} />
        <WhatComesOut node={node.id} />
      </div>
    </div>
  )
}

/** Puts the keyboard into the field that the checklist, or a menu, asked for. */
function useWantedField(
  wanted: { field: string | null; count: number } | null,
  body: React.RefObject<HTMLDivElement | null>,
): void {
  useEffect(() => {
    if (!wanted) return
    // After “More options” opened, which takes a moment of drawing.
    const timer = setTimeout(() => {
      const id = wanted.field === NAME ? 'panel-title' : `param_${wanted.field}`
      const field = document.getElementById(id)
      const first = body.current?.querySelector<HTMLElement>('[id^="param_"]:is(input,select,textarea)')
      const target = field ?? first
      target?.focus()
      target?.scrollIntoView({ block: 'center' })
      if (id === 'panel-title' && target instanceof HTMLInputElement) target.select()
    }, 60)
    return () => clearTimeout(timer)
  }, [wanted, body])
}
