import {
  IconAlignLeft,
  IconBraces,
  IconFileTypePdf,
  IconPhoto,
  IconTable,
  IconWorld,
  type TablerIcon,
} from '@tabler/icons-react'

const ICONS: Record<string, TablerIcon> = {
  csv: IconTable,
  table: IconTable,
  json: IconBraces,
  jsonl: IconBraces,
  image: IconPhoto,
  picture: IconPhoto,
  html: IconWorld,
  pdf: IconFileTypePdf,
}

/** The little sign of a kind of data. */
export function KindIcon({ kind, size = 16 }: { kind: string; size?: number }) {
  const Icon = ICONS[kind] ?? IconAlignLeft
  return <Icon size={size} stroke={1.75} aria-hidden />
}
