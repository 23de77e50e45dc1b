import { expect, test } from 'vitest'
import { numericColumns } from './table'

test('a column of numbers is known by its values, gaps aside', () => {
  const columns = ['price', 'city', 'share', 'nothing']
  const rows = [
    ['1,204.80', 'Berlin', '12 %', ''],
    ['', 'Lima', '-3.5 %', ''],
    ['7', '12', '0', ''],
  ]
  expect(numericColumns(columns, rows)).toEqual([true, false, true, false])
})
