import { useCallback, useRef, useState } from 'react';
import { t } from '../i18n/t.ts';
import { dayKey, formatDay } from '../time/format-time.ts';
import { classes } from '../ui/classes.ts';
import { schedule } from '../ui/timers.ts';
import type { ThreadView } from './use-thread-position.ts';

/** How long the date stays after the last scrolling, in milliseconds. */
const STAYS_MS = 1_500;

/** The day of the topmost row, while the reader scrolls. */
export function usePinnedDate({ list, rows }: ThreadView) {
  const [time, setTime] = useState<number>();
  const [isShown, setIsShown] = useState(false);
  const isByReader = useRef(false);
  const cancel = useRef(() => {});
  const onScroll = (offset: number) => {
    if (!isByReader.current) return;
    const row = rows[list.current?.findItemIndex(offset) ?? -1];
    if (row === undefined) return;
    setTime((known) => (known !== undefined && dayKey(known) === dayKey(row.time) ? known : row.time));
    // The day's row shows the same.
    setIsShown(row.kind !== 'day');
    release();
  };
  const hold = () => cancel.current();
  const release = () => {
    cancel.current();
    cancel.current = schedule(() => setIsShown(false), STAYS_MS);
  };
  return {
    time: time ?? rows.at(-1)?.time,
    isShown,
    hold,
    release,
    onScroll,
    onIntent: () => {
      isByReader.current = true;
    },
    /** Call before the page scrolls the thread. */
    ignoreScroll: useCallback(() => {
      isByReader.current = false;
    }, []),
  };
}

interface PinnedDateProps {
  /** Milliseconds since the epoch, as is `now`. */
  time: number;
  now: number;
  isShown: boolean;
  /** While the pointer is over it, it stays. */
  hold: () => void;
  release: () => void;
  onClick: () => void;
}

/** Over the rows, so that it moves nothing. The keyboard reaches it also while it is not shown. */
export function PinnedDate({ time, now, isShown, hold, release, onClick }: PinnedDateProps) {
  return (
    <div
      className={classes(
        'pointer-events-none absolute inset-x-0 top-2 z-1 flex justify-center transition-opacity motion-reduce:transition-none',
        !isShown && 'opacity-0 focus-within:opacity-100',
      )}
    >
      <button
        type="button"
        aria-label={t('thread.dayToDate', { day: formatDay(time, now) })}
        onClick={onClick}
        onPointerEnter={hold}
        onPointerLeave={release}
        className={classes(
          'min-h-9 rounded-full border border-line bg-surface px-4 text-sm text-muted shadow-pane hover:text-ink pointer-coarse:min-h-11',
          isShown && 'pointer-events-auto',
        )}
      >
        {formatDay(time, now)}
      </button>
    </div>
  );
}
