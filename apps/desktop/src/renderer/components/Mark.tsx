/** The product's sign: two lines of a steady wind. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <g fill="none" stroke="var(--on-accent)" strokeWidth="2.6" strokeLinecap="round">
        <path d="M7 12.5h10.5a3.25 3.25 0 1 0-3.1-4.2" />
        <path d="M7 17h15a3.4 3.4 0 1 1-3.2 4.5" />
        <path d="M7 21.5h6.5" />
      </g>
    </svg>
  );
}
