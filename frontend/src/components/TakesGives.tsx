import type { Step } from '@/api/types'
import { kindWord } from '@/lib/kinds'

/** “Table → Picture”. */
export function TakesGives({ step }: { step: Pick<Step, 'takes' | 'gives'> }) {
  return (
    <>
      {kindWord(step.takes)} <span aria-hidden="true">→</span>
      <span className="visually-hidden">becomes</span> {kindWord(step.gives)}
    </>
  )
}
