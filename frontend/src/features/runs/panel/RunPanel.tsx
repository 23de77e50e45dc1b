import { ActionIcon, Drawer, Tabs } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { StepIcon } from '@/components/StepIcon'
import { bytes, duration } from '@/lib/format'
import { type Look as Looked, type StepTab, useRunState, useRunView } from '../context'
import { Details } from './Details'
import { LogView } from './LogView'
import { Look } from './Look'
import classes from './Panel.module.css'

/** What is looked at: beside the list where there is room, over it where there is not. */
export function RunPanel({ narrow }: { narrow: boolean }) {
  const { look, onLook } = useRunView()
  const close = () => onLook(null)
  const inside = look && <Inside look={look} onClose={close} />
  if (narrow) {
    return (
      <Drawer
        opened={look !== null}
        onClose={close}
        position="bottom"
        size="88%"
        withCloseButton={false}
        aria-label="Data of this run"
        classNames={{ body: classes.drawer, content: classes.sheet }}
      >
        {inside}
      </Drawer>
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
    <PipePanel source={look.source} onClose={onClose} />
  ) : (
    <StepPanel node={look.node} tab={look.tab ?? 'out'} onClose={onClose} />
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
    <header className={classes.head}>
      <StepIcon icon={icon} category={category} size={30} />
      <div className={classes.words}>
        <h2>{title}</h2>
        <p>{line}</p>
      </div>
      <ActionIcon variant="subtle" size={34} aria-label="Close" onClick={onClose}>
        <IconX size={19} stroke={1.75} aria-hidden />
      </ActionIcon>
    </header>
  )
}

function PipePanel({ source, onClose }: { source: string | null; onClose: () => void }) {
  const { run } = useRunView()
  const from = useRunState(state => (source === null ? undefined : state.steps[source]))
  const titles = useRunState(state => state.steps)
  const readers = run.graph.edges
    .filter(edge => edge.source === source)
    .map(edge => titles[edge.target]?.title ?? edge.target)
  const title =
    source === null ? 'What went in' : [from?.title, readers.join(', ')].filter(Boolean).join(' → ')
  const size = source === null ? (run.input?.bytes ?? 0) : (from?.bytesOut ?? 0)
  return (
    <>
      <Head
        icon={source === null ? 'upload' : 'table'}
        category={source === null ? 'get' : 'tables'}
        title={title}
        line={`${bytes(size)}${from?.status === 'running' ? ' so far' : ''}`}
        onClose={onClose}
      />
      <Look key={source ?? ''} node={source} port={source === null ? 'input' : 'output'} label={title} />
    </>
  )
}

function StepPanel({ node, tab, onClose }: { node: string; tab: StepTab; onClose: () => void }) {
  const { steps, onLook } = useRunView()
  const state = useRunState(all => all.steps[node])
  if (!state) return null
  const step = steps.get(state.step)
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
        value={tab}
        onChange={next => onLook({ kind: 'step', node, tab: next as StepTab })}
        classNames={{ root: classes.tabs, panel: classes.tab }}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="out">What came out</Tabs.Tab>
          <Tabs.Tab value="in">What came in</Tabs.Tab>
          <Tabs.Tab value="log">Log</Tabs.Tab>
          <Tabs.Tab value="details">Details</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="out">
          <Look node={node} port="output" label={`What comes out of ${state.title}`} />
        </Tabs.Panel>
        <Tabs.Panel value="in">
          <Look node={node} port="input" label={`What goes into ${state.title}`} />
        </Tabs.Panel>
        <Tabs.Panel value="log">
          <LogView node={node} />
        </Tabs.Panel>
        <Tabs.Panel value="details">
          <Details node={node} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
