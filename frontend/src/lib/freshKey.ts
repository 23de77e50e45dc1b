/** A name that nobody else has. `crypto.randomUUID` is there on secure addresses only, this everywhere. */
export function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
