import type { Step } from '@/api/types'

/** A library entry with just what a test is about filled in. */
export function aStep(about: Partial<Step> = {}): Step {
  const slug = about.slug ?? 'some-step'
  return {
    slug,
    version: '1.0.0',
    versions: ['1.0.0'],
    title: slug,
    summary: `Does ${slug}.`,
    category: 'text',
    icon: 'abc',
    tags: [],
    says: '',
    kind: 'filter',
    takes: 'text',
    gives: 'text',
    network: 'none',
    params: { type: 'object', properties: {} },
    secrets: [],
    inputs: [],
    outputs: [],
    columns: [],
    limits: { memory: '64m', cpus: 1, seconds: 60, output: '1g' },
    repeatable: true,
    pure: true,
    examples: [],
    origin: 'built-in',
    image: 'composer/steps-basic:1',
    image_ready: true,
    ...about,
  }
}
