import { Button } from '../ui/button.tsx';

/** Height of what is above the oldest row, in pixels: fixed, so that loading moves nothing. */
export const TOP_HEIGHT = 88;

/** The way to messages older than the loaded ones. */
export interface OlderMessages {
  hasMore: boolean;
  isLoading: boolean;
  hasFailed: boolean;
  load: () => void;
}

/** Above the oldest row: that older ones are loading, that they did not load, or that the conversation begins. */
export function ThreadTop({ name, older }: { name: string; older: OlderMessages }) {
  return (
    <div style={{ height: TOP_HEIGHT }} className="flex shrink-0 flex-col items-center justify-center px-4 text-center">
      {older.hasFailed ? (
        <div className="flex items-center gap-3 text-sm text-muted">
          <p role="alert">Couldn’t load older messages.</p>
          <Button look="quiet" onClick={older.load}>
            Try again
          </Button>
        </div>
      ) : older.hasMore ? (
        <span role="status" aria-label="Loading older messages" className="skeleton block h-10 w-56 rounded-bubble" />
      ) : (
        <p className="text-sm text-muted">
          This is the start of your conversation with <span dir="auto">{name}</span>.
        </p>
      )}
    </div>
  );
}
