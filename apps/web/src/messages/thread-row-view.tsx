import { memo } from 'react';
import { t } from '../i18n/t.ts';
import { useOutbox } from '../outbox/outbox-context.ts';
import { formatDay } from '../time/format-time.ts';
import { reasonWords } from '../trpc/reason-words.ts';
import { TextButton } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import type { ObserveElement } from '../ui/in-view.ts';
import { DeletedMessages } from './deleted-messages.tsx';
import { MessageBubble, type MessageBubbleProps } from './message-bubble.tsx';
import type { MessageRow, ThreadRow } from './thread-rows.ts';

type RowOf<Kind> = Extract<ThreadRow, { kind: Kind }>;

interface ThreadRowViewProps extends Omit<MessageBubbleProps, 'row'> {
  row: ThreadRow;
  /** Milliseconds since the epoch. Day names are relative to it. */
  now: number;
  /** The `ref` of the row, which reports whether it is in view. */
  observe: ObserveElement;
  focusComposer: () => void;
  /** Opens the choice of a date. */
  pickDate: () => void;
  /** A jump has just led here. */
  isHighlighted: boolean;
}

export const ThreadRowView = memo(function ThreadRowView(props: ThreadRowViewProps) {
  const { row, now, observe, focusComposer, pickDate, isHighlighted, ...bubble } = props;
  if (row.kind === 'day') return <DayView row={row} now={now} onClick={pickDate} />;
  if (row.kind === 'new') return <NewLine row={row} />;
  return (
    // The gap to the next run is at the bottom: a row that is added above must not change this row's height.
    <div
      ref={observe}
      data-view-key={row.key}
      data-highlighted={isHighlighted || undefined}
      className={classes('thread-column px-4', gapBelow(row), isHighlighted && 'flash')}
    >
      {row.kind === 'deleted' ? <DeletedMessages row={row} {...bubble} /> : <MessageBubble row={row} {...bubble} />}
      {row.kind === 'pending' && row.isWaiting ? (
        <p className="mt-1 text-end text-sm text-muted">{t('thread.waitingForAbove')}</p>
      ) : null}
      {row.kind === 'failed' ? <FailedNote row={row} focusComposer={focusComposer} /> : null}
    </div>
  );
});

function gapBelow(row: MessageRow): string {
  if (row.kind === 'failed') return 'pb-3';
  return row.endsRun ? 'pb-3' : 'pb-0.5';
}

function DayView({ row, now, onClick }: { row: RowOf<'day'>; now: number; onClick: () => void }) {
  return (
    <div data-view-key={row.key} className="thread-column flex items-center gap-4 px-4 pt-3 pb-4 select-none">
      <span className="h-px grow bg-line" />
      <h2 className="text-sm text-muted italic">
        {/* Not a stop of the Tab key: the pinned date is one for all days. */}
        <button
          type="button"
          tabIndex={-1}
          title={t('thread.toDate')}
          onClick={onClick}
          className="-my-3 min-h-11 italic underline-offset-4 hover:underline"
        >
          {formatDay(row.time, now)}
        </button>
      </h2>
      <span className="h-px grow bg-line" />
    </div>
  );
}

function NewLine({ row }: { row: RowOf<'new'> }) {
  return (
    <div data-view-key={row.key} className="thread-column flex items-center gap-4 px-4 pt-1 pb-3 text-moss select-none">
      <span className="h-px grow bg-moss" />
      <h2 className="text-sm font-semibold">{t('thread.new')}</h2>
      <span className="h-px grow bg-moss" />
    </div>
  );
}

function FailedNote({ row, focusComposer }: { row: RowOf<'failed'>; focusComposer: () => void }) {
  const outbox = useOutbox();
  const { reason, permanent } = row.failure;
  const remove = () => {
    outbox.remove(row.key);
    // The button that has the focus disappears.
    focusComposer();
  };
  return (
    <div className="mt-1 flex flex-wrap items-center justify-end gap-x-4 gap-y-1 text-end text-sm text-danger">
      <span>{t(permanent ? 'thread.notSent' : 'thread.notSentYet', { reason: reasonWords(reason) })}</span>
      <span className="flex gap-4">
        <TextButton onClick={() => outbox.retry(row.key)}>{t('thread.tryAgain')}</TextButton>
        <TextButton onClick={remove}>{t('thread.delete')}</TextButton>
      </span>
    </div>
  );
}
