import { Ban, BellOff, Pin } from 'lucide-react';
import { t } from '../i18n/t.ts';
import { classes } from '../ui/classes.ts';
import { countWords } from '../ui/page-title.ts';
import type { ListRow } from './list-rows.ts';
import { mutedWords } from './muted.ts';

interface GroupSignsProps {
  row: ListRow;
  unread: number;
  isMuted: boolean;
}

/** At the end of a row: what is set for the conversation, and what is unread in it. */
export function GroupSigns({ row, unread, isMuted }: GroupSignsProps) {
  return (
    <>
      {row.isBlockedByMe ? <Sign Icon={Ban} words={t('list.row.blocked')} /> : null}
      {isMuted ? <Sign Icon={BellOff} words={mutedWords(row.mutedUntil)} /> : null}
      {row.isPinned ? <Sign Icon={Pin} words={t('list.row.pinned')} /> : null}
      {unread > 0 ? <UnreadBadge count={unread} isQuiet={isMuted} /> : null}
      {unread === 0 && row.isMarkedUnread ? <UnreadDot isQuiet={isMuted} /> : null}
    </>
  );
}

function Sign({ Icon, words }: { Icon: typeof Pin; words: string }) {
  return (
    <span role="img" aria-label={words} title={words} className="shrink-0 text-muted">
      <Icon size={14} aria-hidden />
    </span>
  );
}

/** `isQuiet`: grey, as the conversation is muted. */
function UnreadBadge({ count, isQuiet }: { count: number; isQuiet: boolean }) {
  const shown = countWords(count);
  return (
    <span
      role="img"
      aria-label={t('list.row.unread', { count, shown })}
      className={classes(
        'flex h-5 min-w-5 shrink-0 items-center justify-center rounded-full px-1.5 text-xs font-semibold tabular-nums',
        isQuiet ? 'bg-muted text-surface' : 'bg-moss text-on-moss',
      )}
    >
      {shown}
    </span>
  );
}

function UnreadDot({ isQuiet }: { isQuiet: boolean }) {
  return (
    <span
      role="img"
      aria-label={t('list.row.markedUnread')}
      title={t('list.row.markedUnread')}
      className={classes('mx-1 size-3 shrink-0 rounded-full', isQuiet ? 'bg-muted' : 'bg-moss')}
    />
  );
}
