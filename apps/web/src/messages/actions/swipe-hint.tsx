import { Reply } from 'lucide-react';

/** The icon that a swipe uncovers. It is highlighted once releasing the finger replies. */
export function SwipeHint() {
  return (
    <span
      aria-hidden
      className="pointer-events-none absolute start-0 top-1/2 hidden size-9 -translate-y-1/2 items-center justify-center rounded-full bg-hover text-muted group-has-data-swiping:flex group-has-data-[swiping=ready]:bg-moss group-has-data-[swiping=ready]:text-on-moss"
    >
      <Reply size={18} className="rtl:-scale-x-100" />
    </span>
  );
}
