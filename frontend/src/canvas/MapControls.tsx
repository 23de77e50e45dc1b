import { ActionIcon, Tooltip } from '@mantine/core'
import { IconMaximize, IconMinus, IconPlus } from '@tabler/icons-react'
import { Panel, useReactFlow, useStore } from '@xyflow/react'
import classes from './MapControls.module.css'
import { FIT } from './view'

const SMOOTH = { duration: 180 }

/** Nearer, farther, all of it. */
export function MapControls() {
  const flow = useReactFlow()
  const percent = useStore(state => Math.round(100 * state.transform[2]))
  const icon = { size: 17, stroke: 1.75, 'aria-hidden': true } as const
  return (
    <Panel position="bottom-left" className={classes.bar}>
      <Tooltip label="Farther away">
        <ActionIcon
          variant="subtle"
          size={32}
          aria-label="Zoom out"
          onClick={() => void flow.zoomOut(SMOOTH)}
        >
          <IconMinus {...icon} />
        </ActionIcon>
      </Tooltip>
      <button
        type="button"
        className={classes.percent}
        aria-label={`${percent} %, go back to 100 %`}
        onClick={() => void flow.zoomTo(1, SMOOTH)}
      >
        {percent} %
      </button>
      <Tooltip label="Nearer">
        <ActionIcon variant="subtle" size={32} aria-label="Zoom in" onClick={() => void flow.zoomIn(SMOOTH)}>
          <IconPlus {...icon} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Show all of it">
        <ActionIcon
          variant="subtle"
          size={32}
          aria-label="Show all of it"
          onClick={() => void flow.fitView({ ...FIT, ...SMOOTH })}
        >
          <IconMaximize {...icon} />
        </ActionIcon>
      </Tooltip>
    </Panel>
  )
}
