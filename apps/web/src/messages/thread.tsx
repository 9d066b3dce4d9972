import { ArrowDown } from 'lucide-react';
import { type ComponentProps, useCallback, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { ObserveElement } from '../ui/in-view.ts';
import { useNow } from '../ui/timers.ts';
import { Announcer } from './announcer.tsx';
import { ThreadRowView } from './thread-row-view.tsx';
import type { ThreadRow } from './thread-rows.ts';
import { ThreadTop, TOP_HEIGHT } from './thread-top.tsx';
import { useMessageFocus } from './use-message-focus.ts';
import { useMessageSelection } from './use-message-selection.ts';
import type { OlderMessages } from './use-messages.ts';
import { useThreadScroll } from './use-thread-scroll.ts';

/** How often it is checked whether `Today` has become `Yesterday`, in milliseconds. */
const DAY_CHECK_MS = 60_000;

interface ThreadProps {
  rows: readonly ThreadRow[];
  name: string;
  older: OlderMessages;
  /** The last row that the other person has seen, and the time up to which they have read. */
  seen?: { key: string; upTo: number };
  observe: ObserveElement;
  focusComposer: () => void;
}

/** The rows of a conversation, of which only those in view are drawn. It opens at the newest. */
export function Thread({ rows, name, older, seen, observe, focusComposer }: ThreadProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const now = useNow(DAY_CHECK_MS);
  const view = { scroller, list, rows };
  const scroll = useThreadScroll(view, older);
  const focus = useMessageFocus(view);
  const selection = useMessageSelection(view, name);
  const { unfolded, onFold } = useFolding(scroll.keepPlace);
  const onPill = () => {
    scroll.toNewest();
    // On a touch screen the thread keeps the focus: in the composer, it would open the keyboard.
    focus.takeFocus();
    focusComposer();
  };
  return (
    <div className="relative flex min-h-0 grow flex-col">
      <Scroller
        ref={scroller}
        aria-label={`Messages with ${name}`}
        onKeyDown={focus.onKeyDown}
        onCopy={selection.onCopy}
      >
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
              {...{ row, name, now, observe, onFold, focusComposer }}
              seenUpTo={row.key === seen?.key ? seen.upTo : undefined}
              active={row.key === focus.activeKey}
              onActivate={focus.onActivate}
              unfolded={unfolded.has(row.key)}
            />
          )}
        </Virtualizer>
      </Scroller>
      <Announcer rows={rows} name={name} />
      <NewMessagesPill count={scroll.newBelow} onClick={onPill} />
    </div>
  );
}

function Scroller({ children, ...props }: ComponentProps<'div'>) {
  return (
    <div
      {...props}
      role="log"
      // `Announcer` announces new messages: here, scrolling would read out old ones.
      aria-live="off"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
      tabIndex={0}
      // The gutter is stable: a text that folds must not remove the scrollbar, which would make it wider and unfold it.
      className="flex min-h-0 grow flex-col overflow-y-auto overscroll-contain -outline-offset-2 [overflow-anchor:none] [scrollbar-gutter:stable]"
    >
      <div className="grow" />
      {children}
    </div>
  );
}

function useFolding(keepPlace: () => void) {
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const onFold = useCallback(
    (key: string) => {
      keepPlace();
      setUnfolded((before) => new Set(before.has(key) ? [...before].filter((each) => each !== key) : [...before, key]));
    },
    [keepPlace],
  );
  return { unfolded, onFold };
}

/** The number of new messages below, while the reader is further up. A click leads there. */
function NewMessagesPill({ count, onClick }: { count: number; onClick: () => void }) {
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
