import { setNonce } from 'get-nonce'

/** The page's style nonce (`<div id="root" data-nonce="…">`), also told to the scroll lock of dialogs. */
export function styleNonce(root: HTMLElement): string {
  const nonce = root.dataset.nonce ?? ''
  if (nonce) setNonce(nonce)
  return nonce
}
