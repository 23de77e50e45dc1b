import { IconAlertTriangle } from '@tabler/icons-react'
import { EdgeLabelRenderer, type EdgeProps, getBezierPath } from '@xyflow/react'
import { memo } from 'react'
import { PipeChip } from '@/components/flow/Pipe'
import { KindIcon } from '@/components/KindIcon'
import { usePipeSelection } from './choosing'
import type { MapEdge } from './elements'
import { GIVEN } from './given'
import classes from './MapPipe.module.css'
import { usePipe } from './overlay'
import { pathAlong } from './route'

const WIDEST = 208
const NARROWEST = 72
/** What stays free between the words and the boxes at both ends. */
const FREE = 2 * 8

/** How wide the words on a pipe may be, so that they touch no box. */
export function wordsWidth(length: number): number {
  return Math.min(WIDEST, Math.max(NARROWEST, length - FREE))
}

/** The words of a pipe that fans out end before the end that pipes are drawn from. */
const BEFORE_END = 22
/** How far down its curve has come there. */
const FALLEN = 0.9

interface Drawn {
  path: string
  x: number
  y: number
  /** How much of it is free for words. */
  length: number
  /** What of the words stands there. */
  anchor: '-50%' | '-100%'
}

/** The line itself, and where its words are: in its middle, or where several fan out, where they are apart. */
export function drawn(props: EdgeProps<MapEdge>): Drawn {
  const { sourceX, sourceY, targetX, targetY, data } = props
  const lane = data?.lane
  if (!lane) {
    const [path, x, y] = getBezierPath(props)
    const length = targetX - sourceX
    if (!data?.fans) return { path, x, y, length, anchor: '-50%' }
    const low = sourceY + (targetY - sourceY) * FALLEN
    return { path, x: targetX - BEFORE_END, y: low, length: length - BEFORE_END, anchor: '-100%' }
  }
  const path = pathAlong(lane, { x: sourceX, y: sourceY }, { x: targetX, y: targetY })
  const middle = (lane.from + lane.to) / 2
  return { path, x: middle, y: lane.y, length: lane.to - lane.from, anchor: '-50%' }
}

/** A pipe on the map. It moves while data flows; a click on it or its words opens it. */
export const MapPipe = memo(function MapPipe(props: EdgeProps<MapEdge>) {
  const { id, data } = props
  const { flow, words, kind, trouble } = usePipe(id)
  const { selected, onLook, editing } = usePipeSelection(id)
  const { path, x, y, length, anchor } = drawn(props)
  // What the run is given can be looked at in a run; before it there is nothing to be said of that pipe.
  const open = editing && data?.from === GIVEN ? undefined : onLook
  const carries = flow === 'full' || flow === 'flowing'
  const tone = trouble !== null ? 'warn' : carries ? 'pipe' : 'none'
  const name = data?.name ?? ''
  return (
    <>
      <path
        d={path}
        className={classes.pipe}
        data-flow={flow}
        data-selected={selected || undefined}
        fill="none"
      />
      {open && (words !== null || editing) && (
        // biome-ignore lint/a11y/noStaticElementInteractions: a larger target for the mouse; the keyboard has the words
        <path d={path} className={classes.target} fill="none" onClick={open} />
      )}
      {(words !== null || (editing && open)) && (
        <EdgeLabelRenderer>
          <div
            className={`${classes.words} nodrag nopan`}
            style={{
              transform: `translate(${anchor}, -50%) translate(${x}px, ${y}px)`,
              maxWidth: wordsWidth(length),
            }}
          >
            {words === null ? (
              <button
                type="button"
                className={classes.knob}
                aria-label={`Open the pipe ${name}`}
                aria-pressed={selected}
                onClick={open}
              />
            ) : (
              <PipeChip
                tone={tone}
                icon={<Sign kind={kind} wrong={trouble !== null} />}
                title={trouble ?? words}
                selected={selected}
                {...(open && { onClick: open })}
              >
                {open && (
                  <span className="visually-hidden">
                    {editing ? `Open the pipe ${name}: ` : 'Look into the pipe: '}
                  </span>
                )}
                {words}
              </PipeChip>
            )}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  )
})

/** The sign before the words: a warning, or the kind of data. */
function Sign({ kind, wrong }: { kind: string | null; wrong: boolean }) {
  if (wrong) return <IconAlertTriangle size={15} stroke={1.75} aria-hidden />
  return kind === null ? null : <KindIcon kind={kind} size={15} />
}
