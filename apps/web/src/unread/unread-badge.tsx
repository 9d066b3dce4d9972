import { countWords } from '../ui/count-words.ts';

/** How many messages are unread, in a list's row; nothing where none are. */
export function UnreadBadge({ count }: { count: number }) {
  if (count === 0) return null;
  const words = countWords(count);
  return (
    <span
      role="img"
      aria-label={`${words} unread ${count === 1 ? 'message' : 'messages'}`}
      className="flex h-5 min-w-5 shrink-0 items-center justify-center rounded-full bg-moss px-1.5 text-xs font-semibold text-on-moss tabular-nums"
    >
      {words}
    </span>
  );
}
