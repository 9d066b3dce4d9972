import { ArrowDown } from 'lucide-react';

/** Counts the messages that arrived below while the reader is further up; a click leads there. */
export function NewMessagesPill({ count, onClick }: { count: number; onClick: () => void }) {
  if (count === 0) return null;
  return (
    <button
      type="button"
      onClick={onClick}
      className="absolute bottom-3 left-1/2 inline-flex min-h-11 -translate-x-1/2 items-center gap-2 rounded-full bg-moss px-5 text-sm font-medium whitespace-nowrap text-on-moss shadow-pane hover:bg-moss-strong"
    >
      <ArrowDown size={16} aria-hidden />
      <span>{count === 1 ? '1 new message' : `${count} new messages`}</span>
    </button>
  );
}
