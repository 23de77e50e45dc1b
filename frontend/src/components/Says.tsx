import type { Step } from '@/api/types'
import { says } from '@/lib/says'
import classes from './Says.module.css'

/** What a step says about its settings, with the settings in bold. */
export function Says({ step, params }: { step: Step; params: Record<string, unknown> }) {
  return (
    <>
      {says(step, params).map((piece, index) =>
        piece.strong ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one sentence never change places
          <b key={index} className={classes.setting}>
            {piece.text}
          </b>
        ) : (
          piece.text
        ),
      )}
    </>
  )
}
