/** The program's own mark: a seat that is kept. */
export function BrandMark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden focusable="false">
      <rect width="24" height="24" rx="6" fill="var(--mantine-color-accent-8)" />
      <path
        d="M8 5v8h8M8 13v6M16 13v6"
        fill="none"
        stroke="#fff"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="16.5" cy="7.5" r="2" fill="#fff" />
    </svg>
  );
}
