import { Modal } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { Fragment, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import classes from './FindAnything.module.css'
import { type Finding, useFindings } from './findable'

interface Props {
  opened: boolean
  onClose: () => void
}

/** Type, arrow down, Enter. */
export function FindDialog({ opened, onClose }: Props) {
  return (
    <Modal.Root opened={opened} onClose={onClose} centered={false} yOffset="12vh" size={600} padding={0}>
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content aria-label="Find anything">
        <Modal.Body>{opened && <Finder onClose={onClose} />}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

function Finder({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const findings = useFindings(query)
  const list = useRef<HTMLDivElement>(null)
  const id = useId()
  const current = findings[Math.min(at, findings.length - 1)]

  const choose = (finding: Finding | undefined) => {
    if (!finding) return
    onClose()
    finding.open()
  }
  const keys = (event: KeyboardEvent) => {
    const last = findings.length - 1
    if (event.key === 'ArrowDown') setAt(at >= last ? 0 : at + 1)
    else if (event.key === 'ArrowUp') setAt(at <= 0 ? last : at - 1)
    else if (event.key === 'Enter') choose(current)
    else return
    event.preventDefault()
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen line has to be in view whenever it changes
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [at])

  return (
    <>
      <div className={classes.field}>
        <IconSearch size={19} stroke={1.75} aria-hidden />
        <input
          className={classes.input}
          role="combobox"
          aria-label="Find workflows, steps, runs, or something to do"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={current ? `${id}-${current.id}` : undefined}
          aria-autocomplete="list"
          placeholder="Workflows, steps, runs, or something to do"
          autoComplete="off"
          value={query}
          onChange={event => {
            setQuery(event.currentTarget.value)
            setAt(0)
          }}
          onKeyDown={keys}
          data-autofocus
        />
      </div>
      <div ref={list} id={`${id}-list`} role="listbox" aria-label="Found" className={classes.results}>
        {findings.map((finding, index) => (
          <Fragment key={finding.id}>
            {finding.group !== findings[index - 1]?.group && (
              <div className={classes.group} role="presentation">
                {finding.group}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keyboard */}
            {/* biome-ignore lint/a11y/useFocusableInteractive: chosen through aria-activedescendant */}
            <div
              id={`${id}-${finding.id}`}
              role="option"
              aria-selected={finding === current}
              className={classes.option}
              onPointerMove={() => setAt(index)}
              onClick={() => choose(finding)}
            >
              <span className={classes.plain}>{finding.icon}</span>
              <span className={classes.title}>{finding.title}</span>
              <span className={classes.about}>{finding.about}</span>
            </div>
          </Fragment>
        ))}
        {findings.length === 0 && (
          <p className={classes.none}>Nothing found for “{query}”. Try another word, or fewer of them.</p>
        )}
      </div>
    </>
  )
}
