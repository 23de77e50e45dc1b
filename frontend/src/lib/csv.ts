/** The separator of a table, told by its first line: whichever stands there most often. */
function separatorOf(line: string): string {
  const counts = [',', ';', '\t'].map(mark => ({ mark, count: line.split(mark).length }))
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).mark
}

/** The first rows of a CSV text; quotes and doubled quotes understood. */
function csvRows(text: string, most: number): string[][] {
  const start = text.replace(/^\uFEFF/, '')
  const mark = separatorOf(start.slice(0, start.search(/\r?\n|$/)))
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  const endRow = () => {
    if (row.length > 0 || cell !== '') rows.push([...row, cell])
    row = []
    cell = ''
  }
  for (let at = 0; at < start.length && rows.length < most; at += 1) {
    const char = start[at]
    if (quoted) {
      if (char !== '"') cell += char
      else if (start[at + 1] === '"') {
        cell += '"'
        at += 1
      } else quoted = false
    } else if (char === '"' && cell === '') quoted = true
    else if (char === mark) {
      row.push(cell)
      cell = ''
    } else if (char === '\n') endRow()
    else if (char !== '\r') cell += char
  }
  if (rows.length < most) endRow()
  return rows
}

/** The head and the first rows of a CSV text. */
export function csvTable(text: string, most: number): { columns: string[]; rows: string[][] } {
  const [columns = [], ...rows] = csvRows(text, most + 1)
  return { columns, rows }
}

/** The column names in the first line of a CSV text. */
export function csvHeader(text: string): string[] {
  return (csvRows(text, 1)[0] ?? []).map(name => name.trim()).filter(name => name !== '')
}

/** Whether a text is a table, as when somebody pastes one: rows of several cells each, all of one length. */
export function looksLikeTable(text: string): boolean {
  const [head, ...rows] = csvRows(text, 4)
  const width = head?.length ?? 0
  return width > 1 && rows.length > 0 && rows.every(row => row.length === width)
}
