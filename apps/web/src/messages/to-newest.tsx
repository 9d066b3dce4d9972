import { ArrowDown } from 'lucide-react';
import { t } from '../i18n/t.ts';
import { classes } from '../ui/classes.ts';
import { countWords } from '../ui/page-title.ts';

/** A round button that leads to the newest message, with the number of unread ones below, if any. */
export function ToNewest({ count, onClick }: { count: number; onClick: () => void }) {
  const label = count === 0 ? t('thread.toNewest') : undefined;
  return (
    <button
      type="button"
      onClick={onClick}
      aria-label={label}
      title={label}
      className={classes(
        'absolute bottom-3 inline-flex min-h-11 min-w-11 items-center justify-center gap-2 rounded-full shadow-pane',
        count === 0
          ? 'end-4 border border-edge bg-surface text-ink hover:bg-hover'
          : 'left-1/2 -translate-x-1/2 bg-moss px-5 text-sm font-medium whitespace-nowrap text-on-moss hover:bg-moss-strong',
      )}
    >
      <ArrowDown size={count === 0 ? 20 : 16} aria-hidden />
      {count === 0 ? null : <span>{t('thread.newBelow', { count, shown: countWords(count) })}</span>}
    </button>
  );
}
