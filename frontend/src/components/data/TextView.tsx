import classes from './TextView.module.css'

/** Text as it is. Very long lines wrap. */
export function TextView({ text, label, truncated }: { text: string; label: string; truncated?: boolean }) {
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={classes.frame} aria-label={label} tabIndex={0}>
        <pre className={classes.text}>{text}</pre>
      </section>
      {truncated && <p className={classes.more}>There is more. Download it to see the rest.</p>}
    </>
  )
}
