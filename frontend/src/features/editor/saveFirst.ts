import type { Autosave } from './model/autosave'

const NOT_YET = 'Your last change is not saved yet. Try again in a moment.'

/** Saves what is still to be saved. Throws where that fails: what comes next would work with an older version. */
export async function saveFirst(autosave: Autosave): Promise<void> {
  await autosave.flush()
  const { phase, message } = autosave.state.getState()
  if (phase !== 'saved') throw new Error(message ?? NOT_YET)
}
