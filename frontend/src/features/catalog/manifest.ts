type Manifest = { manifest: Record<string, unknown>; error: null } | { manifest: null; error: string }

/** Reads a manifest that somebody pasted; what is wrong comes back as a sentence with the place. */
export async function readManifest(text: string): Promise<Manifest> {
  if (text.trimStart().startsWith('{')) {
    try {
      return { manifest: JSON.parse(text), error: null }
    } catch (error) {
      return {
        manifest: null,
        error: `This is not whole JSON: ${error instanceof Error ? error.message : error}`,
      }
    }
  }
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text, { prettyErrors: true })
  const first = document.errors[0]
  if (first) {
    const line = first.linePos?.[0].line
    const what = first.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '')
    return { manifest: null, error: `Line ${line ?? 1} cannot be read as YAML: ${what}` }
  }
  const manifest: Record<string, unknown> | null = document.toJS()
  if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest)) {
    return {
      manifest: null,
      error: 'A manifest consists of lines such as “slug: shout” and “title: Shout it out”.',
    }
  }
  return { manifest, error: null }
}
