import { ActionIcon, Drawer, Tabs } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { type ReactNode, useCallback } from 'react'
import { usePreview } from '@/api/runs'
import type { GraphEdge } from '@/api/types'
import { StepIcon } from '@/components/StepIcon'
import { contents } from '@/lib/contents'
import { bytes, duration } from '@/lib/format'
import { kindWord } from '@/lib/kinds'
import { useAside } from '@/lib/useAside'
import { type Look as Looked, type StepTab, useRunState, useRunView } from '../context'
import { afterBytes, notTaken, PIPE_LOOK, pace } from '../model/flow'
import { Details } from './Details'
import { LogView } from './LogView'
import { Look } from './Look'
import classes from './Panel.module.css'
import { WhatCameIn } from './WhatCameIn'

/** What is looked at: beside the list where there is room, over it where there is not. */
export function RunPanel({ narrow }: { narrow: boolean }) {
  const { look, onLook } = useRunView()
  const close = useCallback(() => onLook(null), [onLook])
  // Another tab of the same step is no other thing to look at.
  const shown = look && (look.kind === 'pipe' ? `pipe ${look.edge}` : `step ${look.node}`)
  useAside(shown, close, narrow)
  const inside = look && <Inside look={look} onClose={close} />
  if (narrow) {
    return (
      <Drawer.Root opened={look !== null} onClose={close} position="bottom" size="88%">
        <Drawer.Overlay backgroundOpacity={0.35} />
        <Drawer.Content className={classes.sheet} aria-label="Data of this run">
          <Drawer.Body className={classes.drawer}>{inside}</Drawer.Body>
        </Drawer.Content>
      </Drawer.Root>
    )
  }
  return (
    look && (
      <aside className={classes.panel} aria-label="Data of this run">
        {inside}
      </aside>
    )
  )
}

function Inside({ look, onClose }: { look: Looked; onClose: () => void }) {
  return look.kind === 'pipe' ? (
    <PipePanel edge={look.edge} onClose={onClose} />
  ) : (
    <StepPanel node={look.node} tab={look.tab} onClose={onClose} />
  )
}

interface HeadProps {
  icon: string
  category: string
  title: string
  line: ReactNode
  onClose: () => void
}

function Head({ icon, category, title, line, onClose }: HeadProps) {
  return (
    <div className={classes.head}>
      <StepIcon icon={icon} category={category} size={30} />
      <div className={classes.words}>
        <h2 tabIndex={-1} data-aside-heading>
          {title}
        </h2>
        <p>{line}</p>
      </div>
      <ActionIcon variant="subtle" size={34} aria-label="Close" onClick={onClose}>
        <IconX size={19} stroke={1.75} aria-hidden />
      </ActionIcon>
    </div>
  )
}

function PipePanel({ edge: id, onClose }: { edge: string | null; onClose: () => void }) {
  const { run, steps } = useRunView()
  const edge = run.graph.edges.find(each => each.id === id)
  const all = useRunState(state => state.steps)
  const from = edge && all[edge.source]
  const to = edge && all[edge.target]
  const title = edge ? [from?.title, to?.title].filter(Boolean).join(' → ') : 'What went in'
  return (
    <>
      <Head
        icon={edge ? pipeIcon(steps.get(from?.step ?? '')?.gives) : 'upload'}
        category={edge ? 'tables' : 'get'}
        title={title}
        line={edge ? <PipeFacts edge={edge} /> : <InputFacts />}
        onClose={onClose}
      />
      <Look
        key={id ?? ''}
        node={edge?.source ?? null}
        port={edge ? 'output' : 'input'}
        of={edge?.output}
        label={title}
      />
    </>
  )
}

function pipeIcon(gives: string | undefined): string {
  if (gives === 'csv') return 'table'
  if (gives === 'json' || gives === 'jsonl') return 'braces'
  return gives === 'image' ? 'photo' : 'file-text'
}

function InputFacts() {
  const { run } = useRunView()
  const { data: seen } = usePreview(run.id, null, 'output', PIPE_LOOK)
  return `${contents(seen, 'any')} · ${bytes(run.input?.bytes ?? 0)}`
}

/** “Table · 1,284 rows · 61 KB”, “61 KB so far · 46 MB/s”, “Not taken: total is 800”. */
function PipeFacts({ edge }: { edge: GraphEdge }) {
  const { run, steps } = useRunView()
  const from = useRunState(state => state.steps[edge.source])
  const speed = useRunState(state => pace(state, edge))
  const refusal = useRunState(state => notTaken(state, edge.id))
  const done = from?.status === 'succeeded'
  const { data: seen } = usePreview(run.id, edge.source, 'output', PIPE_LOOK, done, edge.output)
  const size = edge.output === undefined ? (from?.bytesOut ?? 0) : (seen?.bytes ?? 0)
  const gives = steps.get(from?.step ?? '')?.gives ?? 'any'
  const what = seen?.is_sample ? kindWord(gives) : contents(seen, gives)
  const flowed = done ? `${what} · ${bytes(size)}` : `${bytes(size)} ${afterBytes(from?.status)}`
  return [refusal, flowed, speed].filter(Boolean).join(' · ')
}

function StepPanel({ node, tab, onClose }: { node: string; tab: StepTab | undefined; onClose: () => void }) {
  const { steps, onLook } = useRunView()
  const state = useRunState(all => all.steps[node])
  if (!state) return null
  const step = steps.get(state.step)
  const reads = step?.takes !== 'nothing'
  const took =
    state.startedAt && state.finishedAt
      ? duration((Date.parse(state.finishedAt) - Date.parse(state.startedAt)) / 1000)
      : null
  return (
    <>
      <Head
        icon={step?.icon ?? 'box'}
        category={step?.category ?? 'text'}
        title={state.title}
        line={[took, step?.summary].filter(Boolean).join(' · ')}
        onClose={onClose}
      />
      <Tabs
        value={tab ?? (state.status === 'failed' ? 'log' : 'out')}
        onChange={next => onLook({ kind: 'step', node, tab: next as StepTab })}
        classNames={{ root: classes.tabs, list: classes.list, panel: classes.tab }}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="out">What came out</Tabs.Tab>
          {reads && <Tabs.Tab value="in">What came in</Tabs.Tab>}
          <Tabs.Tab value="log">Log</Tabs.Tab>
          <Tabs.Tab value="details">Details</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="out">
          {/* By node: what is seen of one step never stands under the name of another. */}
          <Look key={node} node={node} port="output" label={`What comes out of ${state.title}`} />
        </Tabs.Panel>
        <Tabs.Panel value="in">
          <WhatCameIn key={node} node={node} label={`What goes into ${state.title}`} />
        </Tabs.Panel>
        <Tabs.Panel value="log">
          <LogView key={node} node={node} />
        </Tabs.Panel>
        <Tabs.Panel value="details">
          <Details node={node} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
