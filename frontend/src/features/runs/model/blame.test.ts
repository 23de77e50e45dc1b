import { describe, expect, it } from 'vitest'
import { quotedSetting, settingAddress } from './blame'

describe('quotedSetting', () => {
  const message = 'The table has no column called “town”. The columns that arrived are order, city.'

  it('finds the setting whose value is quoted', () => {
    expect(quotedSetting({ test: 'is', value: 'city', column: 'town' }, message)).toBe('column')
    expect(quotedSetting({ columns: ['order', 'town'] }, message)).toBe('columns')
  })

  it('blames nobody without a reason', () => {
    expect(quotedSetting({ value: '', count: 3, column: 'tow' }, message)).toBeNull()
  })
})

describe('settingAddress', () => {
  it('names the step, and the setting where it is known', () => {
    expect(settingAddress('w', 'keep rows', 'column')).toBe('/workflows/w?node=keep+rows&field=column')
    expect(settingAddress('w', 'keep', null)).toBe('/workflows/w?node=keep')
  })
})
