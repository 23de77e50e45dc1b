import { useState } from 'react'
import classes from './PictureView.module.css'

/** A picture on a checkered ground, fitted to its place; a click shows it in full size. */
export function PictureView({ address, label }: { address: string; label: string }) {
  const [full, setFull] = useState(false)
  const [broken, setBroken] = useState(false)
  if (broken)
    return <p className={classes.broken}>This picture cannot be shown. Download it to look at it.</p>
  return (
    <button
      type="button"
      className={classes.frame}
      data-full={full || undefined}
      aria-label={full ? `${label}: fit it to its place` : `${label}: show it in full size`}
      onClick={() => setFull(!full)}
    >
      <img src={address} alt={label} onError={() => setBroken(true)} />
    </button>
  )
}
