export const CATEGORIES = ['get', 'tables', 'text', 'documents', 'pictures', 'decide', 'send'] as const

export type Category = (typeof CATEGORIES)[number]

const TITLES: Record<Category, string> = {
  get: 'Get data',
  tables: 'Tables',
  text: 'Text',
  documents: 'Documents',
  pictures: 'Pictures and charts',
  decide: 'Decide',
  send: 'Send',
}

/** The colour tokens carry shorter names than the categories. */
const TOKENS: Record<Category, string> = {
  get: 'get',
  tables: 'tables',
  text: 'text',
  documents: 'docs',
  pictures: 'pics',
  decide: 'decide',
  send: 'send',
}

export function isCategory(name: string): name is Category {
  return (CATEGORIES as readonly string[]).includes(name)
}

export function categoryTitle(name: string): string {
  return isCategory(name) ? TITLES[name] : name
}

/** CSS colours of a category: the strong one and its soft ground. */
export function categoryColors(name: string): { color: string; background: string } {
  const token = isCategory(name) ? TOKENS[name] : 'text'
  return { color: `var(--c-${token})`, background: `var(--c-${token}-s)` }
}
