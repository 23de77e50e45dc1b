import { Button, Drawer, Menu } from '@mantine/core'
import { IconChevronDown, IconPlus } from '@tabler/icons-react'
import { useNavigate } from 'react-router'
import { useMay } from '@/api/me'
import type { Step } from '@/api/types'
import { fetchWorkflow, saveWorkflow, useCreateWorkflow, useWorkflows } from '@/api/workflows'
import { complain } from '@/components/complain'
import { StepIcon } from '@/components/StepIcon'
import { memory, spell } from '@/lib/format'
import { freshNodeId, placed } from '@/lib/nodes'
import type { Schema } from '@/lib/schema'
import { Badges } from './Badges'
import { Example } from './Example'
import { Settings } from './Settings'
import classes from './StepDrawer.module.css'

/** All about one step: what it asks for, what it makes of an example, and the way into a workflow. */
export function StepDrawer({ step, onClose }: { step: Step | undefined; onClose: () => void }) {
  return (
    <Drawer
      opened={step !== undefined}
      onClose={onClose}
      position="right"
      size={520}
      title={
        step && (
          <span className={classes.title}>
            <StepIcon icon={step.icon} category={step.category} /> {step.title}
          </span>
        )
      }
    >
      {step && <Content step={step} />}
    </Drawer>
  )
}

function Content({ step }: { step: Step }) {
  const { edit } = useMay()
  const examples = step.examples.filter(example => example.output)
  return (
    <div className={classes.content}>
      <p className={classes.summary}>{step.summary}</p>
      <Badges step={step} />
      {edit && <UseIt step={step} />}
      <Settings schema={step.params as Schema} />
      {examples.length > 0 && (
        <section>
          <h3 className={classes.heading}>{examples.length === 1 ? 'An example' : 'Examples'}</h3>
          {examples.map(example => (
            <Example key={example.title} step={step} example={example} />
          ))}
        </section>
      )}
      <dl className={classes.facts}>
        <dt>Name for programs</dt>
        <dd>
          <code>
            {step.slug} {step.version}
          </code>
        </dd>
        <dt>Image</dt>
        <dd>
          <code>{step.image}</code>
          {step.image_ready === false && ' (not on this machine yet)'}
        </dd>
        <dt>May use</dt>
        <dd>
          {memory(step.limits.memory)} of memory, {spell(step.limits.seconds)}
        </dd>
      </dl>
    </div>
  )
}

/** Into a new workflow, or at the end of one that is there. */
function UseIt({ step }: { step: Step }) {
  const { data: workflows } = useWorkflows()
  const create = useCreateWorkflow()
  const navigate = useNavigate()
  const inNew = () =>
    create.mutate(
      { graph: { nodes: [placed(step, step.slug)], edges: [] } },
      { onSuccess: made => void navigate(`/workflows/${made.id}`), onError: complain },
    )
  const inExisting = async (id: string) => {
    try {
      const { graph, revision } = await fetchWorkflow(id)
      const name = freshNodeId(graph, step.slug)
      const sources = new Set(graph.edges.map(edge => edge.source))
      const end = graph.nodes.findLast(each => !sources.has(each.id))
      const edges =
        end && step.takes !== 'nothing' ? [{ id: `to-${name}`, source: end.id, target: name }] : []
      await saveWorkflow(id, revision, {
        graph: { nodes: [...graph.nodes, placed(step, name)], edges: [...graph.edges, ...edges] },
      })
      await navigate(`/workflows/${id}`)
    } catch (error) {
      complain(error)
    }
  }
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <Button
          className={classes.use}
          loading={create.isPending}
          rightSection={<IconChevronDown size={16} stroke={1.75} aria-hidden />}
        >
          Use in a workflow
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPlus size={17} stroke={1.75} aria-hidden />} onClick={inNew}>
          In a new workflow
        </Menu.Item>
        {(workflows?.length ?? 0) > 0 && <Menu.Label>At the end of</Menu.Label>}
        {workflows?.slice(0, 8).map(workflow => (
          <Menu.Item key={workflow.id} onClick={() => void inExisting(workflow.id)}>
            {workflow.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
