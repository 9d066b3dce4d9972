import {
  type ComponentProps,
  type KeyboardEvent,
  Suspense,
  useCallback,
  useContext,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { t } from '../i18n/t.ts';
import { dayKey } from '../time/format-time.ts';
import type { ObserveElement } from '../ui/in-view.ts';
import { isInputMethodKey } from '../ui/input-method.ts';
import { lazyPart, usePreload } from '../ui/lazy-part.tsx';
import { useNow } from '../ui/timers.ts';
import { Announcer } from './announcer.tsx';
import { JumpNotice } from './jump-notice.tsx';
import { PinnedDate, usePinnedDate } from './pinned-date.tsx';
import { ThreadRowView } from './thread-row-view.tsx';
import type { ThreadRow } from './thread-rows.ts';
import { ThreadSearchContext } from './thread-search-context.ts';
import { ThreadBottom, ThreadTop, TOP_HEIGHT } from './thread-top.tsx';
import { ToNewest } from './to-newest.tsx';
import { foldOnEscape, useFolding } from './use-folding.ts';
import { useJump } from './use-jump.ts';
import { useMessageFocus } from './use-message-focus.ts';
import { type MessageLink, useFollowLink } from './use-message-link.ts';
import { useMessageSelection } from './use-message-selection.ts';
import { useThreadScroll } from './use-thread-scroll.ts';
import type { ThreadWindow } from './use-thread-window.ts';

/** How often it is checked whether `Today` has become `Yesterday`, in milliseconds. */
const DAY_CHECK_MS = 60_000;

const NONE: readonly ThreadRow[] = [];

const DateDialog = lazyPart(() => import('./date-dialog.tsx'));
const PARTS = [DateDialog.preload];

interface ThreadProps {
  rows: readonly ThreadRow[];
  name: string;
  window: ThreadWindow;
  link: MessageLink;
  /** The link with which the thread was opened. */
  openedLink: Pick<MessageLink, 'key' | 'at'>;
  /** Counts the other person's messages after a time that were unread when the thread was opened, or came later, in the whole thread. */
  countAfter: (time: number) => number;
  /** The last row that the other person has seen, and the time up to which they have read. */
  seen?: { key: string; upTo: number };
  observe: ObserveElement;
  /** Called when the reader does something in the thread. */
  onIntent: () => void;
  focusComposer: () => void;
}

/** The rows of a conversation, of which only those in view are drawn. It opens at the first unread message, or at the newest. */
export function Thread(props: ThreadProps) {
  const { rows, name, window: part, link, openedLink, countAfter, seen, observe, focusComposer } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const now = useNow(DAY_CHECK_MS);
  const view = { scroller, list, rows };
  const pinned = usePinnedDate(view);
  const scroll = useThreadScroll(view, part, { countAfter, onOwnScroll: pinned.ignoreScroll });
  const focus = useMessageFocus(view);
  const selection = useMessageSelection(view, name);
  const { unfolded, onFold, unfold } = useFolding(scroll.keepPlace);
  const jump = useJump({ rows, window: part, link, scrollTo: scroll.toKey, focusMessage: focus.focusMessage, unfold });
  const dateChoice = useDateChoice();

  const toEnd = () => {
    link.drop();
    // A jump that is loading would lead away again.
    if (part.jumping !== null || !part.isAtNewest) part.leave();
    if (part.isAtNewest) scroll.toEnd();
  };
  const toNewest = () => {
    toEnd();
    // On a touch screen the thread keeps the focus: in the composer, it would open the keyboard.
    focus.takeFocus();
    focusComposer();
  };
  const search = useContext(ThreadSearchContext);
  useEscape(() => (search.close() ?? toNewest)());
  useLayoutEffect(() => {
    search.setThread({
      scroller: scroller.current,
      rows,
      isAtEnd: scroll.isAtEnd,
      toPlace: jump.toPlace,
      toEnd,
      focusMessage: focus.focusMessage,
    });
  });
  useLayoutEffect(() => () => search.setThread(null), [search]);
  useFollowLink({
    link,
    opened: openedLink,
    onLink: jump.toLink,
    onMalformed: () => jump.notify(t('thread.linkMalformed')),
    onNone: toNewest,
  });
  const onIntent = () => {
    props.onIntent();
    scroll.onIntent();
    pinned.onIntent();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    onIntent();
    foldOnEscape(event, unfolded, onFold);
    focus.onKeyDown(event);
  };
  return (
    <div className="relative flex min-h-0 grow flex-col">
      <Scroller
        ref={scroller}
        aria-label={t('thread.messagesWith', { name })}
        onKeyDown={onKeyDown}
        onWheel={onIntent}
        onTouchMove={onIntent}
        onPointerDown={onIntent}
        onCopy={selection.onCopy}
      >
        <ThreadTop name={name} older={part.older} />
        <Virtualizer
          // Another part of the thread starts with a fresh scroll position.
          key={part.id}
          ref={list}
          data={rows as ThreadRow[]}
          scrollRef={scroller}
          startMargin={TOP_HEIGHT}
          shift={scroll.isPrepending}
          keepMounted={[...selection.keptIndexes, ...(focus.activeIndex === -1 ? [] : [focus.activeIndex])]}
          onScroll={(offset) => {
            scroll.onScroll();
            pinned.onScroll(offset);
          }}
          onResize={scroll.onResize}
        >
          {(row) => (
            <ThreadRowView
              key={row.key}
              {...{ row, name, now, observe, onFold, focusComposer }}
              pickDate={dateChoice.open}
              onJump={jump.toMessage}
              seenUpTo={row.key === seen?.key ? seen.upTo : undefined}
              isUnseen={row.kind === 'message' && row.own && row.time > (seen?.upTo ?? 0)}
              active={row.key === focus.activeKey}
              onActivate={focus.onActivate}
              unfolded={unfolded.has(row.key)}
              isHighlighted={row.key === jump.highlighted}
            />
          )}
        </Virtualizer>
        {part.isAtNewest ? null : <ThreadBottom newer={part.newer} />}
      </Scroller>
      {/* Pages around a jump are not new. */}
      <Announcer key={String(part.isAtNewest)} rows={part.isAtNewest ? rows : NONE} name={name} />
      <AboveRows {...{ now, pinned, jump, dateChoice, toNewest }} window={part} position={scroll.position} />
    </div>
  );
}

interface AboveRowsProps {
  now: number;
  pinned: ReturnType<typeof usePinnedDate>;
  jump: ReturnType<typeof useJump>;
  dateChoice: ReturnType<typeof useDateChoice>;
  toNewest: () => void;
  window: ThreadWindow;
  position: ReturnType<typeof useThreadScroll>['position'];
}

/** What is drawn above the rows, so that it moves nothing. */
function AboveRows({ now, pinned, jump, dateChoice, toNewest, window, position }: AboveRowsProps) {
  const { distance, newBelow } = position;
  return (
    <>
      {pinned.time === undefined ? null : (
        <PinnedDate {...pinned} time={pinned.time} now={now} onClick={dateChoice.open} />
      )}
      <JumpNotice words={jump.notice} window={window} />
      {distance === 'far' || (distance === 'near' && newBelow > 0) ? (
        <ToNewest count={newBelow} onClick={toNewest} />
      ) : null}
      {dateChoice.isOpen ? (
        <Suspense>
          <DateDialog
            day={dayKey(pinned.time ?? now)}
            today={dayKey(now)}
            onClose={dateChoice.close}
            onPick={(day) => {
              dateChoice.close();
              jump.toDay(day);
            }}
          />
        </Suspense>
      ) : null}
    </>
  );
}

/** Whether the dialog for a date is open. Its code is loaded before. */
function useDateChoice() {
  const [isOpen, setIsOpen] = useState(false);
  usePreload(PARTS);
  return { isOpen, open: useCallback(() => setIsOpen(true), []), close: () => setIsOpen(false) };
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
      // The gutter is stable: a text that folds must not remove the scrollbar, which would make it wider and unfold it. Where the
      // column is narrower than the pane, it is at both sides, so that the rows are right below the header.
      className="flex min-h-0 grow flex-col overflow-x-hidden overflow-y-auto overscroll-contain -outline-offset-2 [overflow-anchor:none] [scrollbar-gutter:stable] min-[85rem]:[scrollbar-gutter:stable_both-edges]"
    >
      <div className="grow" />
      {children}
    </div>
  );
}

/** Escape that nothing else has taken: an open menu, dialog or quote, or a text that folds. */
function useEscape(onEscape: () => void): void {
  const onKeyDown = useEffectEvent((event: globalThis.KeyboardEvent) => {
    if (event.key === 'Escape' && !event.defaultPrevented && !isInputMethodKey(event)) onEscape();
  });
  useEffect(() => {
    const listener = (event: globalThis.KeyboardEvent) => onKeyDown(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}
