import { Button } from '../ui/button.tsx';
import type { Loader } from './use-thread-window.ts';

/** Height of what is above the oldest row, in pixels: fixed, so that loading moves nothing. */
export const TOP_HEIGHT = 88;

export function ThreadTop({ name, older }: { name: string; older: Loader }) {
  return (
    <div style={{ height: TOP_HEIGHT }} className="flex shrink-0 flex-col items-center justify-center px-4 text-center">
      {older.hasMore ? (
        <LoadingMore loader={older} name="older messages" />
      ) : (
        <p className="text-sm text-muted">
          This is the start of your conversation with <span dir="auto">{name}</span>.
        </p>
      )}
    </div>
  );
}

/** Below a part of the thread that does not reach the newest message. */
export function ThreadBottom({ newer }: { newer: Loader }) {
  return (
    <div style={{ height: TOP_HEIGHT }} className="flex shrink-0 items-center justify-center px-4 text-center">
      <LoadingMore loader={newer} name="newer messages" />
    </div>
  );
}

function LoadingMore({ loader, name }: { loader: Loader; name: string }) {
  if (!loader.isError) {
    return <span role="status" aria-label={`Loading ${name}`} className="skeleton block h-10 w-56 rounded-bubble" />;
  }
  return (
    <div className="flex items-center gap-3 text-sm text-muted">
      <p role="alert">Couldn’t load {name}.</p>
      <Button look="quiet" onClick={() => void loader.load()}>
        Try again
      </Button>
    </div>
  );
}
