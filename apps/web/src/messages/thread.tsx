import { useCallback, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { ObserveElement } from '../ui/in-view.ts';
import { useNow } from '../ui/timers.ts';
import { Announcer } from './announcer.tsx';
import { NewMessagesPill } from './new-messages-pill.tsx';
import { ThreadRowView } from './thread-row-view.tsx';
import type { ThreadRow } from './thread-rows.ts';
import { type OlderMessages, ThreadTop, TOP_HEIGHT } from './thread-top.tsx';
import { useMessageFocus } from './use-message-focus.ts';
import { useMessageSelection } from './use-message-selection.ts';
import { useThreadScroll } from './use-thread-scroll.ts';

/** How often `Today` may become `Yesterday`. */
const DAYS_EVERY_MS = 60_000;

export interface ThreadProps {
  rows: readonly ThreadRow[];
  /** The other person of the conversation. */
  name: string;
  older: OlderMessages;
  /** The last row that the other person has seen, and the time up to which they have read. */
  seen?: { key: string; upTo: number } | undefined;
  /** The `ref` of each row, which reports whether it is in view. */
  observe: ObserveElement;
  onRetry: (clientMessageUuid: string) => void;
  onDelete: (clientMessageUuid: string) => void;
  /** Moves the focus to the composer, unless the device is touch only. */
  focusComposer: () => void;
}

/** The rows of a conversation, of which only those in view are drawn. It opens at the newest. */
export function Thread({ rows, name, older, seen, observe, onRetry, onDelete, focusComposer }: ThreadProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const now = useNow(DAYS_EVERY_MS);
  const { hasMore, isLoading, hasFailed, load } = older;
  const loadOlder = useCallback(() => {
    if (hasMore && !isLoading && !hasFailed) load();
  }, [hasMore, isLoading, hasFailed, load]);
  const scroll = useThreadScroll({ scroller, list, rows, loadOlder });
  const focus = useMessageFocus({ scroller, list, rows });
  const selection = useMessageSelection({ scroller, rows, name });
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const { keepPlace } = scroll;
  const onFold = useCallback(
    (key: string) => {
      keepPlace();
      setUnfolded((before) => new Set(before.has(key) ? [...before].filter((each) => each !== key) : [...before, key]));
    },
    [keepPlace],
  );
  const onPill = () => {
    scroll.toNewest();
    // On a touch screen the thread keeps the focus: in the composer, it would open the keyboard.
    focus.takeFocus();
    focusComposer();
  };
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
        onKeyDown={focus.onKeyDown}
        onCopy={selection.onCopy}
        // The gutter is stable: a text that folds must not remove the scrollbar, which would make it wider and unfold it.
        className="flex min-h-0 grow flex-col overflow-y-auto overscroll-contain -outline-offset-2 [overflow-anchor:none] [scrollbar-gutter:stable]"
      >
        <div className="grow" />
        <ThreadTop name={name} older={older} />
        <Virtualizer
          ref={list}
          data={rows as ThreadRow[]}
          scrollRef={scroller}
          startMargin={TOP_HEIGHT}
          shift={scroll.isPrepending}
          keepMounted={[...selection.keptIndexes, ...(focus.activeIndex === -1 ? [] : [focus.activeIndex])]}
          onScroll={scroll.onScroll}
          onResize={scroll.onResize}
        >
          {(row) => (
            <ThreadRowView
              key={row.key}
              row={row}
              name={name}
              now={now}
              seenUpTo={row.key === seen?.key ? seen.upTo : undefined}
              active={row.key === focus.activeKey}
              onActivate={focus.onActivate}
              observe={observe}
              unfolded={unfolded.has(row.key)}
              onFold={onFold}
              onRetry={onRetry}
              onDelete={onDelete}
            />
          )}
        </Virtualizer>
      </div>
      <Announcer rows={rows} name={name} />
      <NewMessagesPill count={scroll.newBelow} onClick={onPill} />
    </div>
  );
}
