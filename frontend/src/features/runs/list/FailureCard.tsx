import { Button, type ButtonProps, Collapse } from '@mantine/core'
import {
  IconArrowRight,
  IconChevronDown,
  IconPencil,
  IconPlayerStop,
  IconRefresh,
  IconTable,
} from '@tabler/icons-react'
import { type ReactNode, useId, useState } from 'react'
import { Link } from 'react-router'
import { useMay } from '@/api/me'
import { firstSentence } from '@/lib/format'
import { useRunState, useRunView } from '../context'
import { culpritOf, quotedSetting, ruleAddress, settingAddress } from '../model/blame'
import { isExplained, wasSeenTo } from '../model/flow'
import { lines } from '../model/log'
import { LogLines } from '../panel/LogLines'
import classes from './FailureCard.module.css'

/** Not the step's doing, and no setting mends it: running again is the first thing to try. */
const NOT_ITS_FAULT = ['infrastructure', 'disk', 'image', 'unknown', 'together', 'input']

/** Why a step failed, in plain words, and the ways on. */
export function FailureCard({ node }: { node: string }) {
  const { run, actions } = useRunView()
  const step = useRunState(state => state.steps[node])
  const shown = useRunState(state => isExplained(state, node, run.graph.edges))
  const seenTo = useRunState(state => wasSeenTo(state, node, run.graph.edges))
  const [opened, setOpened] = useState(false)
  const details = useId()
  const failure = step?.failure
  if (!step || !failure || !shown) return null
  const waits = step.status === 'waiting'
  const [what, more] = firstSentence(failure.message)
  return (
    <section
      className={classes.card}
      aria-label={waits ? `What ${step.title} needs` : `Why ${step.title} failed`}
      data-tone={seenTo ? 'seen' : step.status}
    >
      <div className={classes.words}>
        <h2>{what}</h2>
        {(more || failure.detail) && <p>{[more, failure.detail].filter(Boolean).join(' ')}</p>}
        {seenTo && <p>This was seen to: the run went on the way that leads on after a failure.</p>}
        {waits && actions.stop && <p>To go on, stop this run. Then you can run it again from here.</p>}
      </div>
      <div className={classes.ways}>
        {waits ? <StopWay /> : <WaysOn node={node} kind={failure.kind} />}
        <CameIn node={node} />
        <Button
          {...QUIET}
          rightSection={
            <IconChevronDown size={16} stroke={1.75} aria-hidden className={classes.turn} data-up={opened} />
          }
          aria-expanded={opened}
          aria-controls={details}
          onClick={() => setOpened(!opened)}
        >
          Details
        </Button>
      </div>
      <Collapse expanded={opened} id={details}>
        <Details node={node} />
      </Collapse>
    </section>
  )
}

const QUIET = { variant: 'subtle', px: 9 } satisfies ButtonProps
const icon = { size: 17, stroke: 1.75, 'aria-hidden': true } as const

/** To the setting that may be wrong, and once more from this step on; the likelier one stands first. */
function WaysOn({ node, kind }: { node: string; kind: string }) {
  const mendable = !NOT_ITS_FAULT.includes(kind)
  const { run, actions } = useRunView()
  const { again, starting } = actions
  const said = useRunState(state => state.steps[node]?.failure?.message ?? '')
  const culprit = useRunState(state => culpritOf(state, node))
  const ruled = run.graph.edges.find(edge => edge.target === node && edge.rule !== undefined)
  const params = run.graph.nodes.find(each => each.id === node)?.params ?? {}
  const byRule = kind === 'rule' && ruled !== undefined
  const setting = quotedSetting(params, said)
  const { edit } = useMay()
  const words = byRule ? 'Change this rule' : 'Change this setting'
  const toCulprit = kind === 'together' && culprit !== null
  const change: ReactNode = (
    <Button
      key="change"
      component={Link}
      to={byRule ? ruleAddress(run.workflow, ruled.id) : settingAddress(run.workflow, node, setting)}
      variant={mendable ? 'filled' : 'subtle'}
      px={mendable ? 13 : QUIET.px}
      leftSection={<IconPencil {...icon} />}
    >
      {edit && (byRule || setting !== null) ? words : 'Open its settings'}
    </Button>
  )
  const repeat: ReactNode = again && (
    <Button
      key="repeat"
      variant={mendable || toCulprit ? 'default' : 'filled'}
      px={13}
      loading={starting}
      leftSection={<IconRefresh {...icon} />}
      // Data that is no longer kept has to be made anew.
      onClick={() => again(kind === 'input' ? undefined : node)}
    >
      {kind === 'input' ? 'Run all of it again' : 'Run again from here'}
    </Button>
  )
  if (kind === 'input') return repeat
  if (toCulprit) return [<GoTo key="culprit" node={culprit} />, repeat]
  return mendable ? [change, repeat] : [repeat, change]
}

/** To the step that is to blame where several worked together. */
function GoTo({ node }: { node: string }) {
  const { onLook } = useRunView()
  const title = useRunState(state => state.steps[node]?.title ?? node)
  return (
    <Button
      leftSection={<IconArrowRight {...icon} />}
      onClick={() => onLook({ kind: 'step', node, tab: 'log' })}
    >
      Go to “{title}”, which failed
    </Button>
  )
}

function StopWay() {
  const { stop, stopping } = useRunView().actions
  if (!stop) return null
  return (
    <Button disabled={stopping} leftSection={<IconPlayerStop {...icon} />} onClick={stop}>
      {stopping ? 'Stopping…' : 'Stop this run'}
    </Button>
  )
}

function CameIn({ node }: { node: string }) {
  const { run, steps, onLook } = useRunView()
  const pipes = run.graph.edges.filter(edge => edge.target === node)
  const taken = useRunState(state => pipes.find(edge => state.ways[edge.id]?.taken !== false)?.id ?? null)
  const slug = run.graph.nodes.find(each => each.id === node)?.step ?? ''
  const given = pipes.length > 0 ? taken !== null : run.input !== null && steps.get(slug)?.takes !== 'nothing'
  if (!given) return null
  return (
    <Button
      {...QUIET}
      leftSection={<IconTable {...icon} />}
      onClick={() => onLook({ kind: 'pipe', edge: taken })}
    >
      See what came in
    </Button>
  )
}

function Details({ node }: { node: string }) {
  const step = useRunState(state => state.steps[node])
  const tail = lines((step?.failure?.log_tail ?? []).join('\n'))
  return (
    <div className={classes.details}>
      <p>
        {step?.exitCode !== null && step?.exitCode !== undefined && `Exit code ${step.exitCode}. `}
        {step && step.attempt > 1 && `Try ${step.attempt}. `}
        {tail.length > 0 ? 'The last lines of its log:' : 'It wrote no log.'}
      </p>
      {tail.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className={classes.tail} aria-label="The last lines of its log" tabIndex={0}>
          <LogLines lines={tail} />
        </section>
      )}
    </div>
  )
}
