/** Two steps and the pipe between them. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true">
      <path d="M6.5 8v6a4 4 0 0 0 4 4H15" stroke="var(--pipe)" strokeWidth="3.6" />
      <rect x="2" y="1.5" width="9" height="9" rx="2.6" fill="var(--accent)" />
      <rect x="13" y="13" width="9.5" height="9.5" rx="2.6" fill="var(--accent)" />
    </svg>
  )
}
