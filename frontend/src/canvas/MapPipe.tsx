import { EdgeLabelRenderer, type EdgeProps, getBezierPath } from '@xyflow/react'
import { memo } from 'react'
import { PipeChip } from '@/components/flow/Pipe'
import { usePipeSelection } from './choosing'
import type { MapEdge } from './elements'
import { GIVEN } from './given'
import classes from './MapPipe.module.css'
import { usePipe } from './overlay'
import { pathAlong } from './route'

const WIDEST = 184
const NARROWEST = 72
/** What stays free between the words and the boxes at both ends. */
const FREE = 2 * 12

/** How wide the words on a pipe may be, so that they touch no box. */
export function wordsWidth(length: number): number {
  return Math.min(WIDEST, Math.max(NARROWEST, length - FREE))
}

/** The line itself, where its middle is, and how much of it is free for words. */
function drawn(props: EdgeProps<MapEdge>): { path: string; x: number; y: number; length: number } {
  const { sourceX, sourceY, targetX, targetY, data } = props
  const lane = data?.lane
  if (!lane) {
    const [path, x, y] = getBezierPath(props)
    return { path, x, y, length: targetX - sourceX }
  }
  const path = pathAlong(lane, { x: sourceX, y: sourceY }, { x: targetX, y: targetY })
  return { path, x: (lane.from + lane.to) / 2, y: lane.y, length: lane.to - lane.from }
}

/** A pipe on the map. It moves while data flows; a click on it or its words opens it. */
export const MapPipe = memo(function MapPipe(props: EdgeProps<MapEdge>) {
  const { id, data } = props
  const { flow, words } = usePipe(id)
  const { selected, onLook, editing } = usePipeSelection(id)
  const { path, x, y, length } = drawn(props)
  // What the run is given can be looked at in a run; before it there is nothing to be said of that pipe.
  const open = editing && data?.from === GIVEN ? undefined : onLook
  const tone = flow === 'full' || flow === 'flowing' ? 'pipe' : 'none'
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
              transform: `translate(-50%, -50%) translate(${x}px, ${y}px)`,
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
              <PipeChip tone={tone} selected={selected} {...(open && { onClick: open })}>
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
