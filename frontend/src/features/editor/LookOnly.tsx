import { IconEye } from '@tabler/icons-react'
import { useParts } from './context'
import classes from './Editor.module.css'

/** Says to those whose role does not let them change the workflow why nothing here can be changed. */
export function LookOnly() {
  const { mayEdit } = useParts()
  if (mayEdit) return null
  return (
    <p className={classes.lookOnly} role="note">
      <IconEye size={17} stroke={1.75} aria-hidden />
      You can look at this workflow; to change it, ask its owner for the role of an editor.
    </p>
  )
}
