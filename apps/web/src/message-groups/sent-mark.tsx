import { Check, CheckCheck, Clock3 } from 'lucide-react';
import { compareTimes } from '../cache/pages.ts';
import { t } from '../i18n/t.ts';
import { classes } from '../ui/classes.ts';
import { useReadTimes } from '../unread/use-mark-read.ts';
import type { ListRow } from './list-rows.ts';

/**
 * How far the person's own last message is: on its way, sent or seen. The page may not know that it was seen: a list makes no
 * call for it.
 */
export function SentMark({ row }: { row: ListRow }) {
  const isUnsent = row.isUnsent === true;
  const { others } = useReadTimes(row.uuid.startsWith('@') ? undefined : row.uuid, { isCalled: false });
  const isSeen = !isUnsent && others != null && compareTimes(others, row.createdAt) >= 0;
  const words = t(`list.row.${isUnsent ? 'sending' : isSeen ? 'seen' : 'sent'}`);
  const Icon = isUnsent ? Clock3 : isSeen ? CheckCheck : Check;
  return (
    <span
      role="img"
      aria-label={words}
      title={words}
      className={classes('shrink-0', isSeen ? 'text-moss' : 'text-muted')}
    >
      <Icon size={isUnsent ? 13 : 16} aria-hidden />
    </span>
  );
}
