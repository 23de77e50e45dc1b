import { Button, Center, Loader, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconCloudOff, IconSearch } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useSearchParams } from 'react-router'
import { sentence } from '@/api/errors'
import { useMe } from '@/api/me'
import { useSteps } from '@/api/steps'
import type { Step } from '@/api/types'
import { EmptyState } from '@/components/EmptyState'
import { categoryTitle } from '@/lib/categories'
import { plural } from '@/lib/format'
import { byCategory, searchSteps } from '@/lib/search'
import { AddStepDialog } from './AddStepDialog'
import { Categories } from './Categories'
import { LibraryCard } from './LibraryCard'
import classes from './LibraryPage.module.css'
import { StepDrawer } from './StepDrawer'

/** Shelf by shelf, each by title. */
function inOrder(steps: readonly Step[]): Step[] {
  const titled = [...steps].sort((a, b) => a.title.localeCompare(b.title))
  return byCategory(titled).flatMap(group => group.steps)
}

/** Every step there is: by category, by search in one's own words, and in detail. */
export function LibraryPage() {
  const { data: steps, error, refetch } = useSteps()
  const { data: me } = useMe()
  // What is shown is in the address, so that it can be sent to somebody and the back button works.
  const [address, setAddress] = useSearchParams()
  const category = address.get('category') ?? ''
  const query = address.get('q') ?? ''
  const open = address.get('step')
  const adding = address.has('add')
  const narrow = useMediaQuery('(max-width: 760px)')
  const set = (changes: Record<string, string | null>, replace = false) =>
    setAddress(
      before => {
        const next = new URLSearchParams(before)
        for (const [name, value] of Object.entries(changes)) {
          if (value === null || value === '') next.delete(name)
          else next.set(name, value)
        }
        return next
      },
      { replace, preventScrollReset: true },
    )

  const shown = useMemo(() => {
    const all = steps ?? []
    const within = inOrder(all).filter(step => {
      if (category === 'yours') return step.origin === 'yours'
      return category === '' || step.category === category
    })
    return searchSteps(query === '' ? within : all, query)
  }, [steps, category, query])

  if (error && !steps) {
    return (
      <EmptyState icon={<IconCloudOff />} title="The library could not be loaded" heading="h1">
        <p>{sentence(error)}</p>
        <Button onClick={() => void refetch()}>Try again</Button>
      </EmptyState>
    )
  }
  return (
    <div className={classes.room}>
      <title>Library · Composer</title>
      <Categories
        steps={steps ?? []}
        chosen={query === '' ? category : null}
        onChoose={name => set({ category: name, q: null })}
        onAdd={me?.role === 'owner' ? () => set({ add: '1' }) : undefined}
        narrow={narrow ?? false}
      />
      <div className={classes.main}>
        <h1 className={classes.title}>What should happen to your data?</h1>
        <TextInput
          size="md"
          type="search"
          aria-label="Find a step"
          placeholder="Say it in your words: “make a bar graph”, “only paid orders”, “turn it round”"
          leftSection={<IconSearch size={18} stroke={1.75} aria-hidden />}
          value={query}
          onChange={event => set({ q: event.currentTarget.value }, true)}
        />
        <p className="visually-hidden" role="status">
          {query === '' ? '' : `${plural(shown.length, 'step')} found`}
        </p>
        {category !== '' && query === '' && (
          <p className={classes.heading}>{category === 'yours' ? 'Added by you' : categoryTitle(category)}</p>
        )}
        {!steps && (
          <Center mt={60}>
            <Loader role="status" aria-label="Loading the library" />
          </Center>
        )}
        <ul className={classes.grid}>
          {shown.map(step => (
            <LibraryCard key={step.slug} step={step} onOpen={() => set({ step: step.slug })} />
          ))}
        </ul>
        {steps && shown.length === 0 && (
          <EmptyState
            icon={<IconSearch />}
            title={query ? `Nothing found for “${query}”` : 'Nothing here yet'}
          >
            <p>
              {query ? 'Try another word for what should happen, such as “sort”, “count” or “chart”.' : ''}
            </p>
            <Button variant="default" onClick={() => set({ q: null, category: null })}>
              Show everything
            </Button>
          </EmptyState>
        )}
      </div>
      <StepDrawer step={steps?.find(step => step.slug === open)} onClose={() => set({ step: null })} />
      <AddStepDialog
        opened={adding && me?.role === 'owner'}
        onClose={() => set({ add: null })}
        onAdded={step => set({ add: null, q: null, category: null, step: step.slug })}
      />
    </div>
  )
}
