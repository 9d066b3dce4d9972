import { useCallback, useRef } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { Button } from '../ui/button.tsx';
import { useNow } from '../ui/use-now.ts';
import { ThreadRowView } from './thread-row-view.tsx';
import type { ThreadRow } from './thread-rows.ts';
import { useThreadScroll } from './use-thread-scroll.ts';

/** Height of what stands above the oldest row, in pixels: fixed, so that loading moves nothing. */
const TOP_HEIGHT = 88;

/** How often `Today` may become `Yesterday`. */
const DAYS_EVERY_MS = 60_000;

export interface OlderMessages {
  hasMore: boolean;
  isLoading: boolean;
  hasFailed: boolean;
  load: () => void;
}

export interface ThreadProps {
  rows: readonly ThreadRow[];
  /** Whom the conversation is with. */
  name: string;
  older: OlderMessages;
  onRetry: (clientMessageUuid: string) => void;
  onDelete: (clientMessageUuid: string) => void;
}

/** The rows of a conversation, of which only those in view are drawn. It opens at the newest. */
export function Thread({ rows, name, older, onRetry, onDelete }: ThreadProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const now = useNow(DAYS_EVERY_MS);
  const { hasMore, isLoading, hasFailed, load } = older;
  const loadOlder = useCallback(() => {
    if (hasMore && !isLoading && !hasFailed) load();
  }, [hasMore, isLoading, hasFailed, load]);
  const scroll = useThreadScroll({ scroller, list, rows, loadOlder });
  return (
    <div className="relative flex min-h-0 grow flex-col">
      <div
        ref={scroller}
        role="log"
        // New messages are announced by a region of their own: here, scrolling would read out old ones.
        aria-live="off"
        aria-label={`Messages with ${name}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
        tabIndex={0}
        className="flex min-h-0 grow flex-col overflow-y-auto overscroll-contain -outline-offset-2 [overflow-anchor:none]"
      >
        <div className="grow" />
        <ThreadTop name={name} older={older} />
        <Virtualizer
          ref={list}
          data={rows as ThreadRow[]}
          scrollRef={scroller}
          startMargin={TOP_HEIGHT}
          shift={scroll.isPrepending}
          onScroll={scroll.onScroll}
          onResize={scroll.onResize}
        >
          {(row) => (
            <ThreadRowView key={row.key} row={row} name={name} now={now} onRetry={onRetry} onDelete={onDelete} />
          )}
        </Virtualizer>
      </div>
      {scroll.newBelow > 0 ? (
        <button
          type="button"
          onClick={scroll.toNewest}
          className="absolute bottom-3 left-1/2 min-h-11 -translate-x-1/2 rounded-full bg-moss px-5 text-sm font-medium text-on-moss shadow-pane hover:bg-moss-strong"
        >
          {scroll.newBelow === 1 ? '1 new message' : `${scroll.newBelow} new messages`}
        </button>
      ) : null}
    </div>
  );
}

function ThreadTop({ name, older }: { name: string; older: OlderMessages }) {
  return (
    <div style={{ height: TOP_HEIGHT }} className="flex shrink-0 flex-col items-center justify-center px-4 text-center">
      {older.hasFailed ? (
        <div className="flex items-center gap-3 text-sm text-muted">
          <p role="alert">Older messages did not load.</p>
          <Button look="quiet" onClick={older.load}>
            Try again
          </Button>
        </div>
      ) : older.hasMore ? (
        <span role="status" aria-label="Loading older messages" className="skeleton block h-10 w-56 rounded-slip" />
      ) : (
        <p className="text-sm text-muted">
          This is where your conversation with <span dir="auto">{name}</span> begins.
        </p>
      )}
    </div>
  );
}
