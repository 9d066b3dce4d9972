import { memo } from 'react';
import { NavLink } from 'react-router-dom';
import { formatAge, formatFull } from '../time/format-time.ts';
import { useListState } from '../ui/back-to-list.ts';
import { classes } from '../ui/classes.ts';
import { countWords } from '../ui/page-title.ts';
import { Avatar } from '../users/avatar.tsx';
import { type ListRow, rowPath } from './list-rows.ts';

export interface GroupRowProps {
  row: ListRow;
  myUuid: string;
  /** The present, in milliseconds since the epoch. */
  now: number;
  /** Number of unread messages. */
  unread: number;
}

/** A group in the list: the other person, the last message and its time. */
export const GroupRow = memo(function GroupRow({ row, myUuid, now, unread }: GroupRowProps) {
  const time = Date.parse(row.createdAt);
  return (
    <NavLink
      to={rowPath(row)}
      state={useListState()}
      className={({ isActive }) =>
        classes(
          'mx-2 flex h-[4.5rem] items-center gap-3 rounded-2xl px-2 -outline-offset-2',
          isActive ? 'bg-selected' : 'hover:bg-hover',
        )
      }
    >
      <Avatar handle={row.handle} displayName={row.displayName} />
      <span className="min-w-0 grow">
        <span className="flex items-start gap-1.5">
          {/* If the two don't fit on one line, the handle gets its own: a long name must not hide who it is. */}
          <span className="flex min-w-0 grow flex-wrap items-baseline gap-x-1.5">
            <span className="max-w-full truncate font-semibold" dir="auto">
              {row.displayName}
            </span>
            <span className="max-w-full truncate text-sm text-muted">{`@${row.handle}`}</span>
          </span>
          <time dateTime={row.createdAt} title={formatFull(time)} className="shrink-0 text-xs leading-6 text-muted">
            {formatAge(time, now)}
          </time>
        </span>
        <span className="flex items-center gap-2">
          <span
            className={classes(
              'grow truncate text-sm',
              row.hasFailed ? 'text-danger' : unread > 0 ? 'font-semibold' : 'text-muted',
            )}
            dir="auto"
          >
            {row.messageUserUuid === myUuid ? `${row.hasFailed ? 'Not sent' : 'You'}: ${row.message}` : row.message}
          </span>
          <UnreadBadge count={unread} />
        </span>
      </span>
    </NavLink>
  );
});

function UnreadBadge({ count }: { count: number }) {
  if (count === 0) return null;
  const words = countWords(count);
  return (
    <span
      role="img"
      aria-label={`${words} unread ${count === 1 ? 'message' : 'messages'}`}
      className="flex h-5 min-w-5 shrink-0 items-center justify-center rounded-full bg-moss px-1.5 text-xs font-semibold text-on-moss tabular-nums"
    >
      {words}
    </span>
  );
}
