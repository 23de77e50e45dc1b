import type { Problem } from './types'

/** What the server answered in place of data (RFC 9457 problem+json), or that it did not answer (status 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly problems: Problem[] = [],
    /** Keys beside the standard ones, such as the current `revision` of a 409. */
    readonly extra: Record<string, unknown> = {},
  ) {
    super(detail || title)
    this.name = 'ApiError'
  }

  /** The server could not be reached, or is restarting: worth another try. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502
  }
}

const UNREACHABLE = 'Composer cannot be reached right now.'

export function unreachable(): ApiError {
  return new ApiError(0, 'No connection', UNREACHABLE)
}

/** Reads an answer that is not 2xx. An answer without problem+json still becomes a sentence. */
export async function errorFrom(response: Response): Promise<ApiError> {
  let body: unknown = null
  try {
    body = await response.clone().json()
  } catch {
    body = null
  }
  if (typeof body !== 'object' || body === null) {
    return new ApiError(response.status, response.statusText, `The server answered with ${response.status}.`)
  }
  const { title, detail, problems, ...extra } = body as Record<string, unknown>
  return new ApiError(
    response.status,
    typeof title === 'string' ? title : response.statusText,
    typeof detail === 'string' ? detail : '',
    Array.isArray(problems) ? (problems as Problem[]) : [],
    extra,
  )
}

/** One sentence for a person, whatever was thrown. */
export function sentence(error: unknown): string {
  if (error instanceof ApiError) return error.problems[0]?.message ?? error.message
  if (error instanceof Error) return error.message
  return 'Something went wrong.'
}
