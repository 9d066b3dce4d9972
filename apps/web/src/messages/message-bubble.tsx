import { Check, Clock, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { formatClock } from '../time/format-time.ts';
import { classes } from '../ui/classes.ts';
import { schedule } from '../ui/timers.ts';
import { MessageText } from './message-text.tsx';
import { HoverTime, RunNote, SeenAside } from './message-time.tsx';
import type { BubbleRow } from './thread-rows.ts';

/** How long the copy button shows that it has copied, in milliseconds. */
const COPIED_MS = 1_500;

export interface MessageBubbleProps {
  row: BubbleRow;
  /** The other person of the conversation. */
  name: string;
  /** Set on the signed-in person's last message that the other person has read: their read time. */
  seenUpTo?: number | undefined;
  /** The arrow keys have moved to this message. */
  active: boolean;
  onActivate: (key: string) => void;
  unfolded: boolean;
  onFold: (key: string) => void;
  /** Leads to another message, for example a quoted one. */
  onJump: (messageUuid: string, createdAt: string) => void;
}

export function MessageBubble({ row, name, seenUpTo, active, onActivate, unfolded, onFold }: MessageBubbleProps) {
  const { own, emojiOnly, endsRun, text } = row;
  return (
    <div className={classes('group relative flex', own ? 'justify-end' : 'justify-start')}>
      <div className="max-w-[85%] sm:max-w-[75%]">
        {/* Not as wide as the note below it. */}
        <div className={classes('relative w-fit max-w-full', own && 'ml-auto')}>
          {row.kind === 'pending' ? <PendingClock label={row.isWaiting ? 'Waiting' : 'Sending'} /> : null}
          {/* biome-ignore lint/a11y/noStaticElementInteractions: focus only marks where the arrow keys go on */}
          <div
            data-key={row.key}
            data-testid="message"
            data-state={row.kind}
            tabIndex={active ? 0 : -1}
            onFocus={() => onActivate(row.key)}
            className={bubbleClasses(row)}
          >
            <span className="sr-only select-none">{`${own ? 'You' : name}, ${formatClock(row.time)}: `}</span>
            <MessageText
              text={text}
              large={emojiOnly}
              isActive={active}
              isUnfolded={unfolded}
              onFold={() => onFold(row.key)}
            />
          </div>
          <div
            className={classes(
              'absolute top-1/2 -translate-y-1/2 opacity-0 group-hover:opacity-100 group-focus-within:opacity-100',
              // Left of the clock that a pending message has.
              own ? (row.kind === 'pending' ? 'right-full mr-6' : 'right-full mr-1') : 'left-full ml-1',
            )}
          >
            <CopyButton text={text} tabIndex={active ? 0 : -1} />
          </div>
          {endsRun || seenUpTo === undefined ? null : <SeenAside name={name} upTo={seenUpTo} />}
        </div>
        {endsRun ? <RunNote row={row} name={name} seenUpTo={seenUpTo} /> : null}
      </div>
      {endsRun ? null : <HoverTime row={row} />}
    </div>
  );
}

function bubbleClasses({ kind, own, emojiOnly, endsRun }: BubbleRow): string {
  return classes(
    // Stacked accents reach far out of their line.
    'overflow-clip',
    emojiOnly ? 'rounded-md px-1' : 'rounded-bubble px-3.5 py-2',
    !emojiOnly && (own ? 'bg-own' : 'bg-theirs'),
    !emojiOnly && endsRun && (own ? 'rounded-br-sm' : 'rounded-bl-sm'),
    kind === 'failed' && 'ring-1 ring-danger ring-inset',
  );
}

function PendingClock({ label }: { label: string }) {
  return (
    <span role="img" aria-label={label} title={label} className="absolute right-full bottom-2 mr-1.5 text-muted">
      <Clock size={14} aria-hidden />
    </span>
  );
}

export function CopyButton({ text, tabIndex }: { text: string; tabIndex: number }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => (copied ? schedule(() => setCopied(false), COPIED_MS) : undefined), [copied]);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  const label = copied ? 'Copied' : 'Copy message';
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      aria-label={label}
      title={label}
      onClick={() => void copy()}
      className="flex size-9 items-center justify-center rounded-full text-muted hover:bg-hover hover:text-ink pointer-coarse:size-11"
    >
      {copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
    </button>
  );
}
