import { Reply } from 'lucide-react';

/** The icon that a swipe uncovers. It is highlighted once releasing the finger replies. */
export function SwipeHint() {
  return (
    <span
      aria-hidden
      className="pointer-events-none absolute top-1/2 left-0 hidden size-9 -translate-y-1/2 items-center justify-center rounded-full bg-hover text-muted group-has-data-swiping:flex group-has-data-[swiping=ready]:bg-moss group-has-data-[swiping=ready]:text-on-moss"
    >
      <Reply size={18} />
    </span>
  );
}
