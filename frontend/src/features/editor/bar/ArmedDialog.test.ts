import { expect, test } from 'vitest'
import { choicesWith } from './ArmedDialog'

test.each([
  [0, ['Off', '1 run', '2 runs', '5 runs']],
  [2, ['Off', '1 run', '2 runs', '5 runs']],
  [3, ['Off', '1 run', '2 runs', '3 runs', '5 runs']],
  [20, ['Off', '1 run', '2 runs', '5 runs', '20 runs']],
])('where %d runs stand ready, that is one of the choices', (runs, words) => {
  expect(choicesWith(runs).map(choice => choice.label)).toEqual(words)
})
