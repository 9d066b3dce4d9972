import { Clock } from 'lucide-react';
import { memo } from 'react';
import { formatClock, formatDay, formatFull } from '../time/format-time.ts';
import { reasonWords } from '../trpc/reason-words.ts';
import { classes } from '../ui/classes.ts';
import { MessageText } from './message-text.tsx';
import type { FailedRow, MessageRow, PendingRow, ThreadRow } from './thread-rows.ts';

export interface ThreadRowViewProps {
  row: ThreadRow;
  /** Whom the conversation is with. */
  name: string;
  /** Milliseconds since the epoch; days are named against it. */
  now: number;
  onRetry: (clientMessageUuid: string) => void;
  onDelete: (clientMessageUuid: string) => void;
}

/** One row of a thread. */
export const ThreadRowView = memo(function ThreadRowView({ row, name, now, onRetry, onDelete }: ThreadRowViewProps) {
  if (row.kind === 'day') return <DayView time={row.time} now={now} />;
  return (
    // The gap to the next run stands below: what comes in above a row must not change its height.
    <div className={classes('mx-auto w-full max-w-3xl px-4', row.endsRun ? 'pb-3' : 'pb-0.5')}>
      <Slip row={row} name={name} />
      {row.kind === 'failed' ? <FailedNote row={row} onRetry={onRetry} onDelete={onDelete} /> : null}
    </div>
  );
});

function DayView({ time, now }: { time: number; now: number }) {
  return (
    <div className="mx-auto flex w-full max-w-3xl items-center gap-4 px-4 pt-3 pb-4">
      <span className="h-px grow bg-line" />
      <h3 className="font-serif text-sm text-muted italic">{formatDay(time, now)}</h3>
      <span className="h-px grow bg-line" />
    </div>
  );
}

type BubbleRow = MessageRow | PendingRow | FailedRow;

/** A message as a slip of paper; the last of a run has a corner that points at whoever wrote it. */
function Slip({ row, name }: { row: BubbleRow; name: string }) {
  const { own, emojiOnly, endsRun, time } = row;
  return (
    <div className={classes('group flex items-end', own ? 'justify-end' : 'justify-start')}>
      {row.kind === 'pending' ? (
        <span role="img" aria-label="Sending" title="Sending" className="mr-1.5 mb-2 text-muted">
          <Clock size={14} aria-hidden />
        </span>
      ) : null}
      <div
        data-testid="message"
        data-state={row.kind}
        className={classes(
          'max-w-[85%] sm:max-w-[75%]',
          emojiOnly ? 'px-1' : 'rounded-slip px-3.5 py-2',
          !emojiOnly && (own ? 'bg-own' : 'bg-theirs'),
          !emojiOnly && endsRun && (own ? 'rounded-br-sm' : 'rounded-bl-sm'),
          row.kind === 'failed' && 'ring-1 ring-danger ring-inset',
        )}
      >
        <span className="sr-only">{own ? 'You' : name}: </span>
        <MessageText text={row.text} large={emojiOnly}>
          <time
            dateTime={Number.isNaN(time) ? undefined : new Date(time).toISOString()}
            title={formatFull(time)}
            className="ms-3 mt-1.5 text-xs whitespace-nowrap text-muted [float:inline-end]"
          >
            {formatClock(time)}
          </time>
        </MessageText>
      </div>
    </div>
  );
}

const NOTE_BUTTON = 'min-h-6 font-semibold underline underline-offset-4';

function FailedNote({ row, onRetry, onDelete }: { row: FailedRow } & Pick<ThreadRowViewProps, 'onRetry' | 'onDelete'>) {
  const { reason, permanent } = row.failure;
  return (
    <div className="mt-1 flex flex-wrap items-center justify-end gap-x-4 gap-y-1 text-right text-sm text-danger">
      <span>
        Not sent. {reasonWords(reason)} {permanent ? '' : 'Cruddur tries again by itself.'}
      </span>
      <button type="button" className={NOTE_BUTTON} onClick={() => onRetry(row.key)}>
        Try again
      </button>
      <button type="button" className={NOTE_BUTTON} onClick={() => onDelete(row.key)}>
        Delete
      </button>
    </div>
  );
}
