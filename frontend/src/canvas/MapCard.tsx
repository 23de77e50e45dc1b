import { Handle, type NodeProps, Position, useReactFlow, useStoreApi } from '@xyflow/react'
import { memo } from 'react'
import { Says } from '@/components/Says'
import { StatusMark } from '@/components/StatusMark'
import { StepIcon } from '@/components/StepIcon'
import { useEditing, useSelection } from './choosing'
import type { MapNode } from './elements'
import { GIVEN } from './given'
import { HEIGHT, WIDTH } from './layout'
import classes from './MapCard.module.css'
import { useNodeLine, useNodeStatus } from './overlay'

/** A step on the map: picture, title, and what it does or, in a run, how it stands. */
export const MapCard = memo(function MapCard({ id, data }: NodeProps<MapNode>) {
  const status = useNodeStatus(id)
  const { selected, onSelect } = useSelection(id)
  const said = useNodeLine(id)
  // What a run is given leads to what nothing else leads to; that pipe is laid by itself.
  const joins = useEditing() && id !== GIVEN
  const bringIntoSight = useBringIntoSight(id)
  return (
    <div className={classes.card} data-status={status} data-selected={selected || undefined}>
      {(data.reads || joins) && (
        <Handle
          type="target"
          position={Position.Left}
          isConnectable={joins}
          className={classes.end}
          data-free={!data.reads || undefined}
        />
      )}
      <StepIcon icon={data.icon} category={data.category} size={32} />
      <button
        type="button"
        className={classes.words}
        aria-pressed={selected}
        onFocus={bringIntoSight}
        onClick={event => {
          event.stopPropagation()
          onSelect()
        }}
      >
        <span className={classes.title}>{data.title}</span>
        <span className={classes.line}>
          {said !== null ? (
            said
          ) : status ? (
            <StatusMark status={status} size={15} />
          ) : (
            (data.line ?? (data.step && <Says step={data.step} params={data.params ?? {}} />))
          )}
        </span>
      </button>
      {(data.writes || joins) && (
        <Handle
          type="source"
          position={Position.Right}
          isConnectable={joins}
          className={classes.end}
          data-free={!data.writes || undefined}
          title={joins ? 'Drag it to the step that comes next, or click here and then there' : undefined}
        />
      )}
    </div>
  )
})

/** The keyboard may reach a box that lies outside of what is seen: then the map moves to it. */
function useBringIntoSight(id: string) {
  const flow = useReactFlow()
  const store = useStoreApi()
  return () => {
    const node = flow.getNode(id)
    if (!node) return
    const { width, height, transform } = store.getState()
    const [dx, dy, zoom] = transform
    const left = node.position.x * zoom + dx
    const top = node.position.y * zoom + dy
    const inSight = left >= 0 && top >= 0 && left + WIDTH * zoom <= width && top + HEIGHT * zoom <= height
    if (inSight) return
    const { x, y } = node.position
    void flow.setCenter(x + WIDTH / 2, y + HEIGHT / 2, { zoom: Math.max(zoom, 0.6), duration: 200 })
  }
}
