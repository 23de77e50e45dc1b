import { Button, SegmentedControl } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useId, useMemo } from 'react'
import type { Condition, GraphEdge, Rule } from '@/api/types'
import { useKeys } from '@/lib/useKeys'
import { listWords } from '@/lib/ways'
import { useDispatch, useDocument, useParts, useSurroundings } from '../context'
import { columnsIn } from '../model/columns'
import { siblings } from '../model/pipes'
import { conditionsOf, isElse, withConditions } from '../model/rules'
import { useTitles } from '../titles'
import { ConditionField } from './ConditionField'
import classes from './PipePanel.module.css'

interface Props {
  pipe: GraphEdge
  onChange: (rule: Rule | undefined) => void
}

type How = 'none' | 'if' | 'else'

const HELP: Record<How, string> = {
  none: 'No matter what the data is.',
  if: 'The first way whose rule holds is taken. In a table, the first row counts.',
  else: 'Where no rule of the other ways holds.',
}

/** The rule of a way: in any case, if something is so, or otherwise. */
export function RuleField({ pipe, onChange }: Props) {
  const { steps, seen, lastRun, problems } = useSurroundings()
  const { mayEdit } = useParts()
  const graph = useDocument(document => document.graph)
  const input = useDocument(document => document.input)
  const label = useId()
  const { rule } = pipe
  const { stale } = lastRun
  const columns = useMemo(
    () => columnsIn({ graph, input, steps, seen, stale }, pipe),
    [graph, input, steps, seen, stale, pipe],
  )
  const others = siblings(graph, pipe)
  const how: How = isElse(rule) ? 'else' : rule ? 'if' : 'none'
  const conditions = conditionsOf(rule)
  const { keys, drop } = useKeys(conditions.length)
  const fresh: Condition = { field: columns[0] ?? 'text', test: 'is', value: '' }
  const choose = (next: string) => {
    if (next === how) return
    if (next === 'if') onChange({ all: [fresh] })
    else onChange(next === 'else' ? { else: true } : undefined)
  }
  const put = (changed: Condition[]) =>
    onChange(changed.length > 0 ? withConditions(rule, changed) : undefined)
  const refusalOf = (at: number) => {
    const place = `rule.${rule && 'any' in rule ? 'any' : 'all'}.${at}.`
    return problems.find(({ edge, field }) => edge === pipe.id && `${field}.`.startsWith(place))?.message
  }
  const ways = [
    { value: 'none', label: 'Anyhow' },
    { value: 'if', label: 'If…' },
    ...(others.length > 0 || how === 'else' ? [{ value: 'else', label: 'Otherwise' }] : []),
  ]
  return (
    <section aria-labelledby={label}>
      <h3 id={label} className={classes.label}>
        And the rule is
      </h3>
      <SegmentedControl fullWidth data={ways} value={how} onChange={choose} aria-labelledby={label} />
      <p className={classes.help}>{HELP[how]}</p>
      {how === 'if' && (
        <div className={classes.conditions}>
          {conditions.length > 1 && (
            <SegmentedControl
              size="xs"
              data={[
                { value: 'all', label: 'all of these' },
                { value: 'any', label: 'any of these' },
              ]}
              value={rule && 'any' in rule ? 'any' : 'all'}
              onChange={value => onChange(value === 'any' ? { any: conditions } : { all: conditions })}
              aria-label="How many of the conditions must hold"
            />
          )}
          {conditions.map((condition, at) => (
            <ConditionField
              key={keys[at]}
              number={at + 1}
              condition={condition}
              columns={columns}
              refusal={refusalOf(at)}
              onChange={next => put(conditions.map((each, place) => (place === at ? next : each)))}
              onRemove={() => {
                drop(at)
                put(conditions.filter((_, place) => place !== at))
              }}
            />
          ))}
          <Button
            variant="subtle"
            size="xs"
            px={8}
            style={{ alignSelf: 'flex-start' }}
            leftSection={<IconPlus size={15} stroke={1.75} aria-hidden />}
            onClick={() => put([...conditions, fresh])}
          >
            Another condition
          </Button>
        </div>
      )}
      {mayEdit && <Offer pipe={pipe} others={others} onRule={() => choose('if')} />}
    </section>
  )
}

/** Several ways lead on: says which are taken, and offers what makes a choice of them. */
function Offer({ pipe, others, onRule }: { pipe: GraphEdge; others: GraphEdge[]; onRule: () => void }) {
  const dispatch = useDispatch()
  const title = useTitles()
  if (others.length === 0) return null
  const free = others.filter(
    edge => edge.rule === undefined && (edge.when ?? 'success') === (pipe.when ?? 'success'),
  )
  const names = listWords(free.map(edge => `“${title(edge.target)}”`))
  if (pipe.rule === undefined && (pipe.when ?? 'success') === 'success' && free.length > 0) {
    return (
      <div className={classes.offer}>
        “{title(pipe.source)}” leads on to {names} as well. As it is,{' '}
        {free.length > 1 ? 'all of them' : 'both ways'} are taken.
        <Button size="xs" variant="default" onClick={onRule}>
          Choose between them by a rule
        </Button>
      </div>
    )
  }
  const [only] = free
  const taken = others.some(edge => isElse(edge.rule))
  if (!only || free.length > 1 || !pipe.rule || isElse(pipe.rule) || taken) return null
  return (
    <div className={classes.offer}>
      The way to {names} has no rule: it is taken in any case.
      <Button
        size="xs"
        variant="default"
        onClick={() => dispatch({ type: 'pipe', id: only.id, about: { rule: { else: true } } })}
      >
        Take it only otherwise
      </Button>
    </div>
  )
}
