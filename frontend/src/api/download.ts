import { send } from './http'

/** Fetches a file and hands it to the person. Unlike a link, it throws the server's words where there is none. */
export async function downloadFile(address: string): Promise<void> {
  const answer = await send(address, { headers: { Accept: '*/*' } })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await answer.blob())
  link.download = fileName(answer.headers.get('Content-Disposition'))
  link.click()
  // The browser has begun by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** The name that the server gives a file; names beyond ASCII come in their own form. */
export function fileName(disposition: string | null): string {
  const encoded = /filename\*=utf-8''([^;]+)/i.exec(disposition ?? '')?.[1]
  if (encoded) return decodeURIComponent(encoded)
  return /filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1] ?? 'workflow'
}
