import allIcons from '@tabler/icons/tabler-nodes-outline.json?url'
import { IconBox } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { createElement } from 'react'
import { KNOWN_ICONS } from './icons'

type Nodes = Record<string, [tag: string, attributes: Record<string, string>][]>

const KEBAB: Record<string, string> = {
  'stroke-linecap': 'strokeLinecap',
  'stroke-linejoin': 'strokeLinejoin',
}

function reactName(attribute: string): string {
  return KEBAB[attribute] ?? attribute
}

/** An icon out of Tabler's whole set, which is fetched once, when the first step asks for a rare one. */
function RareIcon({ name, size }: { name: string; size: number }) {
  const { data } = useQuery({
    queryKey: ['icons'],
    queryFn: () => fetch(allIcons).then(answer => answer.json() as Promise<Nodes>),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const shapes = data?.[name]
  if (!shapes) return <IconBox size={size} stroke={1.75} aria-hidden />
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {shapes.map(([tag, attributes]) =>
        createElement(tag, {
          key: attributes.d ?? JSON.stringify(attributes),
          ...Object.fromEntries(Object.entries(attributes).map(([key, value]) => [reactName(key), value])),
        }),
      )}
    </svg>
  )
}

/** A Tabler icon by its name, as step manifests write it. */
export function LibraryIcon({ name, size = 22 }: { name: string; size?: number }) {
  const Known = KNOWN_ICONS[name]
  if (Known) return <Known size={size} stroke={1.75} aria-hidden />
  return <RareIcon name={name} size={size} />
}
