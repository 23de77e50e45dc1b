/** The kinds of data that flow through pipes, as a person calls them. */
const WORDS: Record<string, string> = {
  nothing: 'Nothing',
  text: 'Text',
  lines: 'Lines',
  csv: 'Table',
  json: 'JSON',
  jsonl: 'JSON lines',
  html: 'Web page',
  image: 'Picture',
  pdf: 'PDF',
  any: 'Anything',
}

export function kindWord(kind: string): string {
  return WORDS[kind] ?? kind
}

/** What one kind can be read as besides itself: every text format is text. */
const READS_AS: Record<string, readonly string[]> = {
  lines: ['text'],
  csv: ['lines', 'text'],
  json: ['text'],
  jsonl: ['lines', 'text'],
  html: ['text'],
  text: ['lines'],
}

/** Whether a step that takes `takes` has use for what comes as `gives`. */
export function fits(gives: string, takes: string): boolean {
  if (gives === 'nothing' || takes === 'nothing') return false
  if (takes === 'any' || gives === 'any' || gives === takes) return true
  return READS_AS[gives]?.includes(takes) ?? false
}
