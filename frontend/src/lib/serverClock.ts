/**
 * What time it is for the server. Runs tell their times by its clock, and the one of this machine may be minutes off:
 * “3.0 s” has to be three seconds all the same.
 */

/** Milliseconds that this machine's clock is ahead of the server's, as far as is known. */
let ahead = 0

/** The header counts whole seconds, so a smaller difference says nothing. */
const BLUR = 1000

/** Learns from the `Date` header of an answer that has just come. */
export function heardDate(header: string | null, now: number = Date.now()): void {
  const told = header === null ? Number.NaN : Date.parse(header)
  if (Number.isNaN(told)) return
  const seen = now - told - BLUR / 2
  if (Math.abs(seen - ahead) > BLUR) ahead = seen
}

/** Learns from a message that was written at `at`: it cannot have come before it was written. */
export function heardMessage(at: string, now: number = Date.now()): void {
  const told = Date.parse(at)
  if (!Number.isNaN(told)) ahead = Math.min(ahead, now - told)
}

export function serverNow(now: number = Date.now()): number {
  return now - ahead
}
