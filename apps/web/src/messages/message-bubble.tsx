import { Clock } from 'lucide-react';
import { type FocusEvent, type PointerEvent, type RefObject, Suspense, useRef, useState } from 'react';
import { t } from '../i18n/t.ts';
import { useMyself } from '../session/me-context.ts';
import { formatClock } from '../time/format-time.ts';
import { classes } from '../ui/classes.ts';
import { lazyPart } from '../ui/lazy-part.tsx';
import { useTouchGestures } from '../ui/use-touch-gestures.ts';
import { BubbleToolbar } from './actions/bubble-toolbar.tsx';
import { EditedNote } from './actions/edited-note.tsx';
import { useMessageActions } from './actions/message-actions-context.ts';
import { BubbleQuote } from './actions/quote.tsx';
import { SwipeHint } from './actions/swipe-hint.tsx';
import { MessageText } from './message-text.tsx';
import { HoverTime, RunNote, SeenAside } from './message-time.tsx';
import { ReactionChips } from './reactions/reaction-chips.tsx';
import type { BubbleRow } from './thread-rows.ts';

// Rare.
const EditFailedNote = lazyPart(() => import('./actions/edit-failed-note.tsx'));

export interface MessageBubbleProps {
  row: BubbleRow;
  /** The other person of the conversation. */
  name: string;
  /** Set on the signed-in person's last message that the other person has read: their read time. */
  seenUpTo?: number | undefined;
  /** An own message on the server that the other person has not read. */
  isUnseen: boolean;
  /** The arrow keys have moved to this message. */
  active: boolean;
  onActivate: (key: string) => void;
  unfolded: boolean;
  onFold: (key: string, isLong?: boolean) => void;
  /** Leads to another message, for example a quoted one. */
  onJump: (messageUuid: string, createdAt: string) => void;
}

export function MessageBubble(props: MessageBubbleProps) {
  const { row, name, seenUpTo, isUnseen, active } = props;
  const { own, endsRun } = row;
  const bubble = useRef<HTMLDivElement>(null);
  const moved = useRef<HTMLDivElement>(null);
  const pointing = usePointing();
  const gestures = useBubbleGestures(row, bubble, moved);
  return (
    <div className={classes(ROW, own ? 'justify-end' : 'justify-start')} {...pointing.handlers} {...gestures}>
      <SwipeHint />
      <div
        ref={moved}
        className="max-w-[85%] sm:max-w-[min(75%,42rem)] motion-safe:not-data-swiping:transition-transform"
      >
        {/* Not as wide as the note below it. */}
        <div className={classes('relative w-fit max-w-full', own && 'ms-auto')}>
          <PendingMark row={row} />
          <Bubble {...props} bubble={bubble} />
          <BubbleToolbar row={row} isPointedAt={pointing.isPointedAt} tabIndex={active ? 0 : -1} />
          {endsRun || seenUpTo === undefined ? null : <SeenAside name={name} upTo={seenUpTo} />}
        </div>
        <BelowBubble {...props} bubble={bubble} />
        {endsRun ? <RunNote row={row} name={name} seenUpTo={seenUpTo} isUnseen={isUnseen} /> : null}
      </div>
      {endsRun ? null : <HoverTime row={row} />}
    </div>
  );
}

// The browser scrolls vertically and leaves other gestures to us. A long press must not select text.
const ROW =
  'group @container relative flex touch-pan-y pointer-coarse:select-none pointer-coarse:[-webkit-touch-callout:none]';

interface BubbleProps extends MessageBubbleProps {
  bubble: RefObject<HTMLDivElement | null>;
}

function Bubble({ row, name, active, onActivate, unfolded, onFold, onJump, bubble }: BubbleProps) {
  const me = useMyself();
  const actions = useMessageActions();
  const { own, emojiOnly, text, message, replyTo: quote } = row;
  const tabIndex = active ? 0 : -1;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: focus only marks where the arrow keys go on
    <div
      ref={bubble}
      data-key={row.key}
      data-testid="message"
      data-state={row.kind}
      tabIndex={tabIndex}
      onFocus={() => onActivate(row.key)}
      className={bubbleClasses(row)}
    >
      <span className="sr-only select-none">{`${t('thread.sender', { name: own ? t('thread.you') : name, time: formatClock(row.time) })} `}</span>
      {quote ? (
        <BubbleQuote
          quote={quote}
          name={quote.userUuid === me.uuid ? t('thread.you') : quote.displayName}
          tabIndex={tabIndex}
          onJump={onJump}
        />
      ) : null}
      <MessageText text={text} large={emojiOnly} isUnfolded={unfolded} onFold={() => onFold(row.key)} />
      {message?.editedAt ? (
        <EditedNote
          editedAt={message.editedAt}
          tabIndex={tabIndex}
          onShow={message.revision === 0 ? undefined : (anchor) => actions.act('history', row, anchor)}
        />
      ) : null}
    </div>
  );
}

function bubbleClasses({ kind, own, emojiOnly, endsRun, replyTo }: BubbleRow): string {
  const isBare = emojiOnly && replyTo === null;
  return classes(
    // Stacked accents reach far out of their line.
    'flow-root overflow-clip',
    isBare ? 'rounded-md px-1' : 'rounded-bubble px-3.5 py-2',
    !isBare && (own ? 'bg-own' : 'bg-theirs'),
    !isBare && endsRun && (own ? 'rounded-ee-sm' : 'rounded-es-sm'),
    kind === 'failed' && 'ring-1 ring-danger ring-inset',
  );
}

/** Next to what is not saved yet. */
function PendingMark({ row }: { row: BubbleRow }) {
  const isEdit = row.message?.change?.kind === 'edit' && row.message.change.state === 'pending';
  if (row.kind !== 'pending' && !isEdit) return null;
  const label = t(row.kind !== 'pending' ? 'actions.editSaving' : row.isWaiting ? 'thread.waiting' : 'thread.sending');
  return (
    <span role="img" aria-label={label} title={label} className="absolute end-full bottom-2 me-1.5 text-muted">
      <Clock size={14} aria-hidden />
    </span>
  );
}

/** Reactions, and an edit that was not saved. */
function BelowBubble({ row, name, active, bubble }: BubbleProps) {
  const me = useMyself();
  const actions = useMessageActions();
  const { message } = row;
  if (message === undefined) return null;
  return (
    <>
      <ReactionChips
        reactions={message.reactions}
        myUuid={me.uuid}
        name={name}
        own={row.own}
        tabIndex={active ? 0 : -1}
        onToggle={(emoji, isOn) => actions.react(message, emoji, isOn)}
        onMore={() => bubble.current && actions.act('react', row, bubble.current)}
      />
      {message.change?.kind === 'edit' ? (
        <Suspense>
          <EditFailedNote message={message} change={message.change} onGone={() => bubble.current?.focus()} />
        </Suspense>
      ) : null}
    </>
  );
}

/** Whether a mouse is over an element, or something in it has the focus. */
function usePointing() {
  const [isHovered, setHovered] = useState(false);
  const [hasFocus, setHasFocus] = useState(false);
  const handlers = {
    onPointerEnter: ({ pointerType }: PointerEvent) => setHovered(pointerType !== 'touch'),
    onPointerLeave: () => setHovered(false),
    onFocus: () => setHasFocus(true),
    onBlur: ({ currentTarget, relatedTarget }: FocusEvent) => setHasFocus(currentTarget.contains(relatedTarget)),
  };
  return { isPointedAt: isHovered || hasFocus, handlers };
}

/** A long press opens the sheet, a swipe forwards replies. */
function useBubbleGestures(
  row: BubbleRow,
  bubble: RefObject<HTMLDivElement | null>,
  moved: RefObject<HTMLDivElement | null>,
) {
  const actions = useMessageActions();
  return useTouchGestures({
    moved,
    onLongPress: () => bubble.current && actions.openOverlay({ kind: 'sheet', row, anchor: bubble.current }),
    onSwipe: row.message && (() => bubble.current && actions.act('reply', row, bubble.current)),
  });
}
