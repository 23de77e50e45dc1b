import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

/** The colours of one theme, by name. */
function colours(css: string): Map<string, string> {
  return new Map(
    [...css.matchAll(/--([\w-]+): (#[0-9a-f]{3,6});/g)].map(([, name = '', value = '']) => [name, value]),
  )
}

function luminance(hex: string): number {
  const digits = hex.slice(1)
  const whole = digits.length === 3 ? [...digits].map(digit => digit + digit).join('') : digits
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map(at => {
    const value = Number.parseInt(whole.slice(at, at + 2), 16) / 255
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

const css = readFileSync('src/theme/tokens.css', 'utf8')
const at = css.indexOf('[data-theme="dark"]')
const themes = { light: colours(css.slice(0, at)), dark: colours(css.slice(at)) }

const texts = ['text', 'muted', 'faint', 'accent-text', 'pipe-text', 'ok', 'bad', 'warn']
const pairs = [
  ...texts.flatMap(text => ['bg', 'surface', 'sunken'].map(ground => [text, ground])),
  ['text', 'raised'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['accent-text', 'accent-soft'],
  ['pipe-text', 'pipe-soft'],
  ['ok', 'ok-soft'],
  ['bad', 'bad-soft'],
  ['text', 'bad-soft'],
  ['muted', 'bad-soft'],
  ['warn', 'warn-soft'],
  ...['get', 'tables', 'text', 'docs', 'pics', 'decide', 'send'].map(name => [`c-${name}`, `c-${name}-s`]),
]

describe.each(['light', 'dark'] as const)('in the %s theme', name => {
  const theme = themes[name]

  test.each(pairs)('%s on %s can be read (AA: 4.5)', (text = '', ground = '') => {
    expect(contrast(theme.get(text) ?? '', theme.get(ground) ?? '')).toBeGreaterThanOrEqual(4.5)
  })

  test.each([
    ['field', 'surface'],
    ['accent', 'surface'],
    ['pipe', 'bg'],
  ])('%s on %s can be seen (AA: 3)', (line, ground) => {
    expect(contrast(theme.get(line) ?? '', theme.get(ground) ?? '')).toBeGreaterThanOrEqual(3)
  })
})
