import { Menu, UnstyledButton } from '@mantine/core'
import { IconKey, IconLogout, IconUser } from '@tabler/icons-react'
import { useState } from 'react'
import { signOut, useMe } from '@/api/me'
import classes from './AccountMenu.module.css'
import { NameDialog } from './NameDialog'
import { PasswordDialog } from './PasswordDialog'

/** Who is signed in; name, password, sign out. */
export function AccountMenu() {
  const { data: me } = useMe()
  const [dialog, setDialog] = useState<'name' | 'password' | null>(null)
  return (
    <>
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <UnstyledButton className={classes.face} aria-label={`Account: ${me?.name ?? 'loading'}`}>
            {me?.initials ?? ''}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <div className={classes.who}>
            <b>{me?.name}</b>
            <span>{me?.email}</span>
          </div>
          <Menu.Divider />
          <Menu.Item leftSection={<IconUser size={17} stroke={1.75} />} onClick={() => setDialog('name')}>
            Change your name
          </Menu.Item>
          <Menu.Item leftSection={<IconKey size={17} stroke={1.75} />} onClick={() => setDialog('password')}>
            Set a password
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout size={17} stroke={1.75} />} onClick={() => void signOut()}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <NameDialog opened={dialog === 'name'} onClose={() => setDialog(null)} />
      <PasswordDialog opened={dialog === 'password'} onClose={() => setDialog(null)} />
    </>
  )
}
