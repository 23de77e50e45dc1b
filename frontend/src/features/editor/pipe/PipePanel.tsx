import { Button, CloseButton, Select } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { type RefObject, useEffect, useRef } from 'react'
import type { GraphEdge, Step } from '@/api/types'
import { StepIcon } from '@/components/StepIcon'
import { pipeKey, useDispatch, useDocument, useParts, useScreen, useSurroundings } from '../context'
import { findNode } from '../model/graph'
import { readInTurn } from '../model/pipes'
import { Fields } from '../panel/Fields'
import panel from '../panel/SidePanel.module.css'
import { useTitles } from '../titles'
import { FlowChoice } from './FlowChoice'
import classes from './PipePanel.module.css'
import { RuleField } from './RuleField'
import { WaysInto } from './WaysInto'
import { WhatFlows } from './WhatFlows'

const WHENS = [
  { value: 'success', label: 'only if it went well' },
  { value: 'failure', label: 'only if it failed' },
  { value: 'always', label: 'always, however it ended' },
]

const HELP = {
  success: 'The usual way: what came out goes on.',
  failure: 'A failure that leads on is seen to: the run can still end well.',
  always: 'For what has to be done in any case, such as telling somebody.',
}

/** One pipe: when it is taken, where it begins and ends, how the data flows, and what flowed last time. */
export function PipePanel({ pipe, onClose }: { pipe: GraphEdge; onClose: () => void }) {
  const { problems, notes, actions } = useSurroundings()
  const { mayEdit } = useParts()
  const dispatch = useDispatch()
  const title = useTitles()
  const graph = useDocument(document => document.graph)
  const mine = problems.filter(problem => problem.edge === pipe.id)
  const about = notes.filter(note => note.edge === pipe.id)
  const when = pipe.when ?? 'success'
  const several = readInTurn(graph, pipe.target).length > 1
  const body = useRef<HTMLDivElement>(null)
  useWantedRule(pipe, body)
  const set = (change: Partial<GraphEdge>) => dispatch({ type: 'pipe', id: pipe.id, about: change })
  return (
    <div ref={body}>
      <div className={panel.head}>
        <StepIcon icon="arrow-narrow-down" category="tables" size={30} />
        <h2 className={classes.title} tabIndex={-1} data-aside-heading>
          {title(pipe.source)} → {title(pipe.target)}
        </h2>
        <CloseButton data-autofocus aria-label="Close the settings" onClick={onClose} />
      </div>
      <div className={panel.body}>
        {mine.map(problem => (
          <p key={problem.message} className={panel.flow} role="note">
            {problem.message}
          </p>
        ))}
        <Fields>
          <div className={classes.fields}>
            <Select
              label={`After “${title(pipe.source)}”, this way is taken`}
              description={HELP[when]}
              inputWrapperOrder={['label', 'input', 'description']}
              data={WHENS}
              value={when}
              onChange={value => set({ when: (value ?? 'success') as NonNullable<GraphEdge['when']> })}
              allowDeselect={false}
            />
            <RuleField pipe={pipe} onChange={rule => set({ rule })} />
            <Ends pipe={pipe} onChange={set} />
            <FlowChoice mode={pipe.mode ?? 'keep'} onChange={mode => set({ mode })} />
            {about.map(note => (
              <p key={note.message} className={classes.note}>
                {note.message}
              </p>
            ))}
          </div>
        </Fields>
        {several && (
          <>
            <hr className={panel.rule} />
            <WaysInto node={pipe.target} />
          </>
        )}
        <hr className={panel.rule} />
        <WhatFlows pipe={pipe} />
        {mayEdit && (
          <Button
            variant="subtle"
            color="bad"
            mt="lg"
            leftSection={<IconTrash size={17} stroke={1.75} aria-hidden />}
            onClick={() => actions.disconnect(pipe.id)}
          >
            Delete this pipe
          </Button>
        )}
      </div>
    </div>
  )
}

/** The checklist leads to the very field of the rule that is not filled in. */
function useWantedRule(pipe: GraphEdge, body: RefObject<HTMLDivElement | null>): void {
  const wanted = useScreen(state => (state.wanted?.node === pipeKey(pipe.id) ? state.wanted : null))
  useEffect(() => {
    if (!wanted) return
    // After the panel has taken the keyboard, where it opens as a drawer.
    const timer = setTimeout(() => {
      const fields = body.current?.querySelectorAll<HTMLInputElement>('[data-missing] input:not([readonly])')
      const empty = [...(fields ?? [])].find(field => field.value.trim() === '') ?? fields?.[0]
      empty?.focus()
    }, 60)
    return () => clearTimeout(timer)
  }, [wanted, body])
}

/** Which output and which input, where the steps have several. */
function Ends({ pipe, onChange }: { pipe: GraphEdge; onChange: (change: Partial<GraphEdge>) => void }) {
  const { steps } = useSurroundings()
  const graph = useDocument(document => document.graph)
  const of = (id: string): Step | undefined => steps.get(findNode(graph, id)?.step ?? '')
  const outputs = portsOf(of(pipe.source)?.outputs, 'stdout', 'What comes out')
  const inputs = portsOf(of(pipe.target)?.inputs, 'stdin', 'The data it works on')
  return (
    <>
      {outputs.length > 1 && (
        <Select
          label="It takes"
          description="The step before gives several things; one of them flows here."
          inputWrapperOrder={['label', 'input', 'description']}
          data={outputs}
          value={pipe.output ?? 'stdout'}
          onChange={output => onChange({ output: output ?? undefined })}
          allowDeselect={false}
        />
      )}
      {inputs.length > 1 && (
        <Select
          label="It brings it as"
          description="The next step takes several things; this is one of them."
          inputWrapperOrder={['label', 'input', 'description']}
          data={inputs}
          value={pipe.input ?? 'stdin'}
          onChange={input => onChange({ input: input ?? undefined })}
          allowDeselect={false}
        />
      )}
    </>
  )
}

function portsOf(
  ports: readonly { name: string; title: string }[] | undefined,
  first: string,
  label: string,
) {
  return [
    { value: first, label },
    ...(ports ?? []).map(port => ({ value: port.name, label: port.title || port.name })),
  ]
}
