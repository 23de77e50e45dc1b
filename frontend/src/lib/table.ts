const NUMBER = /^\s*[-+]?[\d.,\s]*\d\s*%?\s*$/
/** A look at so many rows says whether a column holds numbers. */
const PROBE = 60

/** Which columns hold numbers only, as far as the first rows tell: those are written at the right. */
export function numericColumns(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): readonly boolean[] {
  const probe = rows.slice(0, PROBE)
  return columns.map((_, at) => {
    const values = probe.map(row => row[at] ?? '').filter(value => value !== '')
    return values.length > 0 && values.every(value => NUMBER.test(value))
  })
}
