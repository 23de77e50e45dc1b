import '@xyflow/react/dist/base.css'
import { Background, ReactFlow, ReactFlowProvider } from '@xyflow/react'
import { useMemo } from 'react'
import type { Graph, Step } from '@/api/types'
import { ChoosingProvider } from './choosing'
import { elements, type MapInput } from './elements'
import { MapCard } from './MapCard'
import { MapControls } from './MapControls'
import { MapPipe } from './MapPipe'
import { type MapOverlay, noOverlay, OverlayProvider } from './overlay'
import { boundsOfChosen, FARTHEST, useInSight, useView, useWanted, type Wanted } from './view'
import classes from './WorkflowMap.module.css'

export interface WorkflowMapProps {
  graph: Graph
  /** The library by slug, for icons and titles. */
  steps: ReadonlyMap<string, Step>
  /** What a run is given; null where there is nothing to draw for it. */
  input: MapInput | null
  /** The chosen node, `input` for the input card, or null. */
  selected: string | null
  onSelect: (id: string | null) => void
  /** How a run stands. Without, the map shows the workflow as it is. */
  overlay?: MapOverlay
  /** The pipe that is looked into, and what a click on the words of a pipe does. */
  pipe?: string | null
  onPipe?: (pipe: string) => void
  /** A box to go to; each wish is an object of its own. With `held` the keyboard goes there too. */
  wanted?: Wanted | null
  /** Lays a pipe: then pipes can be drawn from step to step, and all of them be opened. */
  onConnect?: (source: string, target: string) => void
  canConnect?: (source: string, target: string) => boolean
}

const NODE_TYPES = { step: MapCard }
/** The pipe that is being drawn. */
const LAYING = { stroke: 'var(--pipe)', strokeWidth: 5, strokeDasharray: '11 5' }
const EDGE_TYPES = { pipe: MapPipe }
/** Above so many boxes only those in sight are drawn. */
const ALL_DRAWN = 200

/** The workflow as a map: boxes and pipes, moved and zoomed; where it is edited, pipes can be laid from box to box. */
export function WorkflowMap(props: WorkflowMapProps) {
  return (
    <ReactFlowProvider>
      <Drawn {...props} />
    </ReactFlowProvider>
  )
}

function Drawn(props: WorkflowMapProps) {
  const { graph, steps, input, selected, onSelect, overlay, pipe = null, onPipe, wanted = null } = props
  const { onConnect, canConnect } = props
  const editing = onConnect !== undefined
  const drawn = useMemo(() => elements(graph, steps, input), [graph, steps, input])
  const choosing = useMemo(
    () => ({ selected, onSelect, pipe, onPipe, editing }),
    [selected, onSelect, pipe, onPipe, editing],
  )
  const chosen = useMemo(() => boundsOfChosen(drawn, selected, pipe), [drawn, selected, pipe])
  useView(drawn, chosen, selected ?? wanted?.node ?? null)
  useInSight(chosen)
  useWanted(wanted)
  return (
    <OverlayProvider value={overlay ?? noOverlay}>
      <ChoosingProvider value={choosing}>
        <ReactFlow
          className={classes.map}
          nodes={drawn.nodes}
          edges={drawn.edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          minZoom={FARTHEST}
          maxZoom={2}
          panOnScroll
          nodesDraggable={false}
          nodesConnectable={editing}
          onConnect={({ source, target }) => onConnect?.(source, target)}
          isValidConnection={({ source, target }) => canConnect?.(source, target) ?? true}
          connectionRadius={36}
          connectionLineStyle={LAYING}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          onlyRenderVisibleElements={drawn.nodes.length > ALL_DRAWN}
          onPaneClick={() => onSelect(null)}
        >
          <Background gap={22} size={1.5} color="var(--line-strong)" bgColor="var(--bg)" />
          <MapControls />
        </ReactFlow>
      </ChoosingProvider>
    </OverlayProvider>
  )
}
