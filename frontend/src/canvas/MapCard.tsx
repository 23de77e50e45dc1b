import { Handle, type NodeProps, Position, useReactFlow, useStoreApi } from '@xyflow/react'
import { memo } from 'react'
import { Says } from '@/components/Says'
import { StatusMark } from '@/components/StatusMark'
import { StepIcon } from '@/components/StepIcon'
import { useSelection } from './choosing'
import type { MapNode } from './elements'
import { HEIGHT, WIDTH } from './layout'
import classes from './MapCard.module.css'
import { useNodeStatus } from './overlay'

/** A step on the map: picture, title, and what it does or, in a run, how it stands. */
export const MapCard = memo(function MapCard({ id, data }: NodeProps<MapNode>) {
  const status = useNodeStatus(id)
  const { selected, onSelect } = useSelection(id)
  const bringIntoSight = useBringIntoSight(id)
  return (
    <div className={classes.card} data-status={status} data-selected={selected || undefined}>
      {data.reads && (
        <Handle type="target" position={Position.Left} isConnectable={false} className={classes.end} />
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
          {status ? (
            <StatusMark status={status} size={15} />
          ) : (
            (data.line ?? (data.step && <Says step={data.step} params={data.params ?? {}} />))
          )}
        </span>
      </button>
      {data.writes && (
        <Handle type="source" position={Position.Right} isConnectable={false} className={classes.end} />
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
