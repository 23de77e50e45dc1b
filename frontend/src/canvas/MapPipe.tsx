import { EdgeLabelRenderer, type EdgeProps, getBezierPath } from '@xyflow/react'
import { memo } from 'react'
import { PipeChip } from '@/components/flow/Pipe'
import { usePipeSelection } from './choosing'
import type { MapEdge } from './elements'
import classes from './MapPipe.module.css'
import { usePipe } from './overlay'

/** A pipe on the map. It moves while data flows; its words open a look into it. */
export const MapPipe = memo(function MapPipe(props: EdgeProps<MapEdge>) {
  const { id } = props
  const { flow, words } = usePipe(id)
  const { selected, onLook } = usePipeSelection(id)
  const [path, x, y] = getBezierPath(props)
  return (
    <>
      <path d={path} className={classes.pipe} data-flow={flow} fill="none" />
      {words !== null && (
        <EdgeLabelRenderer>
          <div
            className={`${classes.words} nodrag nopan`}
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          >
            <PipeChip
              tone={flow === 'full' || flow === 'flowing' ? 'pipe' : 'none'}
              selected={selected}
              {...(onLook && { onClick: onLook })}
            >
              {onLook && <span className="visually-hidden">Look into the pipe: </span>}
              {words}
            </PipeChip>
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  )
})
