import { Kbd, UnstyledButton } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import classes from './FindAnything.module.css'
import { FindDialog } from './FindDialog'

const APPLE = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** The search over everything, at the top right and on Ctrl K. */
export function FindAnything() {
  const [opened, setOpened] = useState(false)
  useHotkeys([['mod+K', () => setOpened(true)]], [])
  return (
    <>
      <UnstyledButton className={classes.button} onClick={() => setOpened(true)}>
        <IconSearch size={17} stroke={1.75} aria-hidden />
        <span className={classes.words}>Find anything</span>
        <Kbd className={classes.key} aria-hidden="true">
          {APPLE ? '⌘' : 'Ctrl'} K
        </Kbd>
      </UnstyledButton>
      <FindDialog opened={opened} onClose={() => setOpened(false)} />
    </>
  )
}
