export function LogoMark({ size = 32 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" className="shrink-0">
      <path
        className="fill-moss"
        d="M16 2.5c7.7 0 13.5 5.4 13.5 12.6S23.7 27.7 16 27.7c-1.5 0-3-.2-4.3-.6L5.2 29.5l1.3-5.7C4 21.5 2.5 18.5 2.5 15.1 2.5 7.9 8.3 2.5 16 2.5z"
      />
      <path
        className="stroke-on-moss"
        d="M20.8 11.3a6.3 6.3 0 1 0 0 7.8"
        fill="none"
        strokeWidth="3.2"
        strokeLinecap="round"
      />
    </svg>
  );
}
