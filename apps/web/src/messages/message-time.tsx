import { Check, CheckCheck } from 'lucide-react';
import { t } from '../i18n/t.ts';
import { formatClock, formatFull } from '../time/format-time.ts';
import { classes } from '../ui/classes.ts';
import type { BubbleRow } from './thread-rows.ts';

const NOTE = 'text-xs leading-4 whitespace-nowrap text-muted select-none';

interface SeenProps {
  /** The other person of the conversation. */
  name: string;
  /** Up to when they have read. */
  upTo: number;
}

interface RunNoteProps {
  row: BubbleRow;
  name: string;
  seenUpTo: number | undefined;
  isUnseen: boolean;
}

/** The time below the last message of a run. Of an own one also whether it was sent or, on the last one that was read, seen. */
export function RunNote({ row, name, seenUpTo, isUnseen }: RunNoteProps) {
  return (
    <div className={classes('mt-0.5 flex items-center gap-1 px-1', NOTE, row.own && 'justify-end')}>
      <MessageTime time={row.time} />
      {seenUpTo === undefined ? null : (
        <>
          <span aria-hidden>·</span>
          <Seen name={name} upTo={seenUpTo} />
        </>
      )}
      {isUnseen ? <Sent /> : null}
    </div>
  );
}

/** The time of another message of a run, on hover or focus, at the free edge of the row: it moves nothing. */
export function HoverTime({ row }: { row: BubbleRow }) {
  return (
    <div
      className={classes(
        'pointer-events-none absolute bottom-0.5 opacity-0 group-hover:opacity-100 group-focus-within:opacity-100',
        NOTE,
        row.own ? 'start-0' : 'end-0',
      )}
    >
      <MessageTime time={row.time} />
    </div>
  );
}

/** `Seen` next to a message that another one follows closely. */
export function SeenAside(props: SeenProps) {
  return (
    <div className={classes('absolute end-full bottom-0.5 me-1.5', NOTE)}>
      <Seen {...props} />
    </div>
  );
}

function Seen({ name, upTo }: SeenProps) {
  return (
    <span
      title={t('thread.seenUpTo', { name, time: formatFull(upTo) })}
      className="inline-flex items-center gap-1 font-medium text-moss"
    >
      {t('thread.seen')}
      <CheckCheck size={14} aria-hidden />
    </span>
  );
}

function Sent() {
  return (
    <span role="img" aria-label={t('thread.sent')} title={t('thread.sent')}>
      <Check size={14} aria-hidden />
    </span>
  );
}

function MessageTime({ time }: { time: number }) {
  return (
    // The bubble names the time to screen readers.
    <time aria-hidden dateTime={Number.isNaN(time) ? undefined : new Date(time).toISOString()} title={formatFull(time)}>
      {/* In a text from right to left, `5:34 AM` would become `AM 5:34`. */}
      <bdi dir="ltr">{formatClock(time)}</bdi>
    </time>
  );
}
