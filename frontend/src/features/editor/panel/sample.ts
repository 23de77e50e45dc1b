import { bytes } from '@/lib/format'

/** What is kept with the workflow itself, and so is saved with every change of it. */
export const SAMPLE_MOST = 2_000_000

/** A file's text, or why it cannot be kept with the workflow. */
export async function readSample(file: File): Promise<{ text: string | null; refusal: string | null }> {
  if (file.size > SAMPLE_MOST) {
    const refusal = `${file.name} has ${bytes(file.size)}; up to ${bytes(SAMPLE_MOST)} can be kept with the workflow. Give it when you press Run: “Run with another file”.`
    return { text: null, refusal }
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer())
    if (!text.includes('\0')) return { text, refusal: null }
  } catch {
    // Falls through: it is not text.
  }
  const refusal = `${file.name} is not a text file, so it cannot be kept with the workflow. Give it when you press Run: “Run with another file”.`
  return { text: null, refusal }
}
