import { useMantineColorScheme } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconBox, IconHistory, IconMoon, IconPlus, IconSitemap, IconSun } from '@tabler/icons-react'
import { type ReactNode, useMemo } from 'react'
import { useNavigate } from 'react-router'
import { sentence } from '@/api/errors'
import { useMay } from '@/api/me'
import { useRuns } from '@/api/runs'
import { useSteps } from '@/api/steps'
import { useCreateWorkflow, useWorkflows } from '@/api/workflows'
import { statusWord } from '@/components/StatusMark'
import { StepIcon } from '@/components/StepIcon'
import { ago } from '@/lib/format'
import { searchSteps } from '@/lib/search'

export interface Finding {
  id: string
  group: 'Do' | 'Workflows' | 'Steps' | 'Runs'
  title: string
  about: string
  icon: ReactNode
  open: () => void
}

const SIZE = { size: 19, stroke: 1.75, 'aria-hidden': true } as const

function matches(query: string, text: string): boolean {
  const words = text.toLowerCase()
  return query
    .toLowerCase()
    .split(/\s+/)
    .every(word => words.includes(word))
}

function useDeeds(): Finding[] {
  const navigate = useNavigate()
  const { edit } = useMay()
  const create = useCreateWorkflow()
  const { setColorScheme } = useMantineColorScheme()
  // The dialog is closed, and all that listens in it gone, before the answer comes: only a promise outlives that.
  const begin = async () => {
    try {
      const made = await create.mutateAsync({})
      await navigate(`/workflows/${made.id}`)
    } catch (error) {
      notifications.show({ color: 'bad', title: 'It could not be made', message: sentence(error) })
    }
  }
  const deed = (id: string, title: string, about: string, icon: ReactNode, open: () => void): Finding => ({
    id: `do-${id}`,
    group: 'Do',
    title,
    about,
    icon,
    open,
  })
  const beginning = deed(
    'new',
    'New workflow',
    'start with nothing',
    <IconPlus {...SIZE} />,
    () => void begin(),
  )
  return [
    ...(edit ? [beginning] : []),
    deed(
      'workflows',
      'Go to the workflows',
      '',
      <IconSitemap {...SIZE} />,
      () => void navigate('/workflows'),
    ),
    deed('library', 'Go to the library', 'all steps', <IconBox {...SIZE} />, () => void navigate('/library')),
    deed('runs', 'Go to the runs', 'history', <IconHistory {...SIZE} />, () => void navigate('/runs')),
    deed('dark', 'Dark colours', 'theme', <IconMoon {...SIZE} />, () => setColorScheme('dark')),
    deed('light', 'Light colours', 'theme', <IconSun {...SIZE} />, () => setColorScheme('light')),
  ]
}

/** What can be found for a query: things to do, workflows, steps, runs. */
export function useFindings(query: string): Finding[] {
  const navigate = useNavigate()
  const { data: workflows } = useWorkflows()
  const { data: steps } = useSteps()
  const { data: runs } = useRuns({ page_size: 30 })
  const deeds = useDeeds()
  const asked = query.trim()

  const found = useMemo(() => {
    const foundWorkflows = (workflows ?? [])
      .filter(entry => matches(asked, `${entry.name} ${entry.description}`))
      .slice(0, asked ? 8 : 4)
      .map(
        (entry): Finding => ({
          id: `workflow-${entry.id}`,
          group: 'Workflows',
          title: entry.name,
          about: entry.description,
          icon: <IconSitemap {...SIZE} />,
          open: () => void navigate(`/workflows/${entry.id}`),
        }),
      )
    const foundSteps = (asked ? searchSteps(steps ?? [], asked) : []).slice(0, 8).map(
      (step): Finding => ({
        id: `step-${step.slug}`,
        group: 'Steps',
        title: step.title,
        about: step.summary,
        icon: <StepIcon icon={step.icon} category={step.category} size={30} />,
        open: () => void navigate(`/library?step=${step.slug}`),
      }),
    )
    const foundRuns = (runs?.results ?? [])
      .filter(run => matches(asked, `${run.workflow_name} run ${run.number} ${statusWord(run.status)}`))
      .slice(0, asked ? 6 : 3)
      .map(
        (run): Finding => ({
          id: `run-${run.id}`,
          group: 'Runs',
          title: `${run.workflow_name}, run ${run.number}`,
          about: `${statusWord(run.status)}, ${ago(run.created_at)}`,
          icon: <IconHistory {...SIZE} />,
          open: () => void navigate(`/runs/${run.id}`),
        }),
      )
    return [...foundWorkflows, ...foundSteps, ...foundRuns]
  }, [asked, workflows, steps, runs, navigate])

  return [...found, ...deeds.filter(deed => matches(asked, `${deed.title} ${deed.about}`))]
}
