/** The shapes of the API, as `npm run types` makes them from openapi.json. */
export interface components {
  schemas: {
    Me: { id: number; name: string; email: string; initials: string; workspace: { id: number; name: string }; role: 'owner' | 'editor' | 'runner' | 'viewer' }
    Step: {
      slug: string; version: string; versions: string[]; title: string; summary: string; category: string; icon: string
      tags: string[]; says: string; kind: string; takes: string; gives: string; network: string
      params: Record<string, unknown>; secrets: { name: string; title: string }[]
      inputs: { name: string; title: string; takes: string }[]; outputs: { name: string; title: string; gives: string }[]
      limits: Record<string, unknown>; repeatable: boolean; pure: boolean
      examples: { title: string; params: Record<string, unknown>; input?: string; output?: string }[]
      origin: 'built-in' | 'yours'; image: string; image_ready: boolean | null
    }
    Problem: { node: string | null; edge: string | null; field: string | null; message: string }
    WorkflowSummary: {
      id: string; name: string; description: string; revision: number; armed: number; is_sample: boolean; node_count: number
      step_icons: { slug: string; icon: string; category: string }[]; created_at: string; updated_at: string
      last_run: { id: string; number: number; status: string; created_at: string; finished_at: string | null } | null
    }
    Workflow: {
      id: string; name: string; description: string; revision: number; armed: number; is_sample: boolean; version: number
      input: { kind: 'none' | 'text' | 'file'; title: string; sample: string; name?: string }
      graph: unknown; problems: components['schemas']['Problem'][]; created_at: string; updated_at: string
    }
    Failure: { kind: string; message: string; detail: string; log_tail: string[] }
    StepRun: {
      node: string; title: string; step: string; status: string; attempt: number; exit_code: number | null
      started_at: string | null; finished_at: string | null; bytes_in: number; bytes_out: number
      error: string | null; failure: components['schemas']['Failure'] | null; note: string | null
    }
    RunSummary: {
      id: string; number: number; workflow: string; workflow_name: string; version: number; status: string; error: string | null
      failure: components['schemas']['Failure'] | null; failed_node: string | null
      created_at: string; started_at: string | null; finished_at: string | null; started_by: string | null
      usual_seconds: number | null; input: { kind: string; name: string; bytes: number } | null
      last_seq: number; can: { cancel: boolean; retry: boolean }
    }
    Run: components['schemas']['RunSummary'] & { graph: unknown; steps: components['schemas']['StepRun'][] }
    Preview: {
      kind: 'table' | 'json' | 'text' | 'picture' | 'html' | 'binary' | 'empty'; bytes: number; complete: boolean
      columns?: string[]; rows?: string[][]; total_rows?: number | null; text?: string; truncated: boolean; media_type: string
    }
  }
}
