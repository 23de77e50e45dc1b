import { ActionIcon, Drawer, Tabs } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { type ReactNode, useCallback } from 'react'
import { usePreview } from '@/api/runs'
import { StepIcon } from '@/components/StepIcon'
import { contents } from '@/lib/contents'
import { bytes, duration } from '@/lib/format'
import { useAside } from '@/lib/useAside'
import { type Look as Looked, type StepTab, useRunState, useRunView } from '../context'
import { afterBytes } from '../model/flow'
import { Details } from './Details'
import { LogView } from './LogView'
import { Look } from './Look'
import classes from './Panel.module.css'

/** What is looked at: beside the list where there is room, over it where there is not. */
export function RunPanel({ narrow }: { narrow: boolean }) {
  const { look, onLook } = useRunView()
  const close = useCallback(() => onLook(null), [onLook])
  // Another tab of the same step is no other thing to look at.
  const shown = look && (look.kind === 'pipe' ? `pipe ${look.source}` : `step ${look.node}`)
  useAside(narrow ? null : shown, close)
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
    <PipePanel source={look.source} onClose={onClose} />
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
        <h2>{title}</h2>
        <p>{line}</p>
      </div>
      <ActionIcon variant="subtle" size={34} aria-label="Close" onClick={onClose}>
        <IconX size={19} stroke={1.75} aria-hidden />
      </ActionIcon>
    </div>
  )
}

function PipePanel({ source, onClose }: { source: string | null; onClose: () => void }) {
  const { run, steps } = useRunView()
  const from = useRunState(state => (source === null ? undefined : state.steps[source]))
  const readers = useRunState(state =>
    run.graph.edges
      .filter(edge => edge.source === source)
      .map(edge => state.steps[edge.target]?.title ?? edge.target)
      .join(', '),
  )
  const given = source === null
  const title = given ? 'What went in' : [from?.title, readers].filter(Boolean).join(' → ')
  return (
    <>
      <Head
        icon={given ? 'upload' : pipeIcon(steps.get(from?.step ?? '')?.gives)}
        category={given ? 'get' : 'tables'}
        title={title}
        line={<PipeFacts source={source} />}
        onClose={onClose}
      />
      <Look key={source ?? ''} node={source} port={given ? 'input' : 'output'} label={title} />
    </>
  )
}

function pipeIcon(gives: string | undefined): string {
  if (gives === 'csv') return 'table'
  if (gives === 'json' || gives === 'jsonl') return 'braces'
  return gives === 'image' ? 'photo' : 'file-text'
}

/** “Table · 1,284 rows · 61 KB · flowing at 46 MB/s”. */
function PipeFacts({ source }: { source: string | null }) {
  const { run, steps } = useRunView()
  const from = useRunState(state => (source === null ? undefined : state.steps[source]))
  const rate = useRunState(state => {
    const edge = run.graph.edges.find(each => each.source === source)
    return edge ? (state.edges[edge.id]?.rate ?? 0) : 0
  })
  const done = source === null || from?.status === 'succeeded'
  const { data: seen } = usePreview(run.id, source, 'output', 1, done)
  const size = source === null ? (run.input?.bytes ?? 0) : (from?.bytesOut ?? 0)
  if (done) return `${contents(seen, steps.get(from?.step ?? '')?.gives ?? 'any')} · ${bytes(size)}`
  const flowing = from?.status === 'running' && rate > 0 ? ` · flowing at ${bytes(rate)}/s` : ''
  return `${bytes(size)} ${afterBytes(from?.status)}${flowing}`
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
