import { IconBox, IconHistory, IconSitemap } from '@tabler/icons-react'
import { Suspense } from 'react'
import { Link, NavLink, Outlet, ScrollRestoration } from 'react-router'
import { Logo } from '@/components/Logo'
import { AccountMenu } from './AccountMenu'
import { FindAnything } from './FindAnything'
import classes from './Shell.module.css'
import { ThemeSwitch } from './ThemeSwitch'

const PLACES = [
  { to: '/workflows', title: 'Workflows', Icon: IconSitemap },
  { to: '/library', title: 'Library', Icon: IconBox },
  { to: '/runs', title: 'Runs', Icon: IconHistory },
]

/** The frame around every screen: the top bar, and below it whatever the address asks for. */
export function Shell() {
  return (
    <>
      <a className={classes.skip} href="#main">
        Skip to the content
      </a>
      <header className={classes.bar}>
        <Link to="/workflows" className={classes.brand}>
          <Logo />
          <span>Composer</span>
        </Link>
        <nav className={classes.places} aria-label="Main">
          {PLACES.map(({ to, title, Icon }) => (
            <NavLink key={to} to={to} className={classes.place ?? ''}>
              <Icon className={classes.sign} size={21} stroke={1.75} aria-hidden />
              {title}
            </NavLink>
          ))}
        </nav>
        <div className={classes.tools}>
          <FindAnything />
          <ThemeSwitch />
          <AccountMenu />
        </div>
      </header>
      <main id="main" className={classes.main} tabIndex={-1}>
        <Suspense fallback={null}>
          <Outlet />
        </Suspense>
      </main>
      <ScrollRestoration />
    </>
  )
}
