import { describe, expect, test } from 'vitest'
import { csvHeader, csvTable } from './csv'

describe('csvHeader', () => {
  test.each([
    ['order,city,price\n1,Berlin,3\n', ['order', 'city', 'price']],
    ['\uFEFForder;note;price\r\n1;a;3\r\n', ['order', 'note', 'price']],
    ['a\tb', ['a', 'b']],
    ['"last, first","say ""hi""",plain\n', ['last, first', 'say "hi"', 'plain']],
    ['"two\nlines",b\n', ['two\nlines', 'b']],
    ['', []],
    ['only\n', ['only']],
  ])('of %j', (text, names) => {
    expect(csvHeader(text)).toEqual(names)
  })
})

test('csvTable reads no more rows than it is asked for', () => {
  expect(csvTable('a,b\n1,2\n3,4\n5,6\n', 2)).toEqual({
    columns: ['a', 'b'],
    rows: [
      ['1', '2'],
      ['3', '4'],
    ],
  })
})
