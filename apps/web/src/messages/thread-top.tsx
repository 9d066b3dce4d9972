import { Button } from '../ui/button.tsx';
import type { OlderMessages } from './use-messages.ts';

/** Height of what is above the oldest row, in pixels: fixed, so that loading moves nothing. */
export const TOP_HEIGHT = 88;

export function ThreadTop({ name, older }: { name: string; older: OlderMessages }) {
  return (
    <div style={{ height: TOP_HEIGHT }} className="flex shrink-0 flex-col items-center justify-center px-4 text-center">
      {older.isFetchNextPageError ? (
        <div className="flex items-center gap-3 text-sm text-muted">
          <p role="alert">Couldn’t load older messages.</p>
          <Button look="quiet" onClick={() => void older.fetchNextPage()}>
            Try again
          </Button>
        </div>
      ) : older.hasNextPage ? (
        <span role="status" aria-label="Loading older messages" className="skeleton block h-10 w-56 rounded-bubble" />
      ) : (
        <p className="text-sm text-muted">
          This is the start of your conversation with <span dir="auto">{name}</span>.
        </p>
      )}
    </div>
  );
}
