import { memo } from 'react';
import { NavLink } from 'react-router-dom';
import { formatAge, formatFull } from '../time/format-time.ts';
import type { MessageGroup } from '../trpc/types.ts';
import { classes } from '../ui/classes.ts';
import { UnreadBadge } from '../unread/unread-badge.tsx';
import { Avatar } from '../users/avatar.tsx';

export interface GroupRowProps {
  group: MessageGroup;
  myUuid: string;
  /** Milliseconds since the epoch; the time of the last message ages against it. */
  now: number;
  /** How many messages of the other one are unread. */
  unread: number;
}

/** A group in the list: who, what was last written, and when. */
export const GroupRow = memo(function GroupRow({ group, myUuid, now, unread }: GroupRowProps) {
  const time = Date.parse(group.createdAt);
  return (
    <NavLink
      to={`/messages/${group.uuid}`}
      className={({ isActive }) =>
        classes(
          'mx-2 flex h-[4.5rem] items-center gap-3 rounded-2xl px-2 -outline-offset-2',
          isActive ? 'bg-selected' : 'hover:bg-hover',
        )
      }
    >
      <Avatar handle={group.handle} displayName={group.displayName} />
      <span className="min-w-0 grow">
        <span className="flex items-baseline gap-1.5">
          <span className="min-w-0 truncate font-semibold" dir="auto">
            {group.displayName}
          </span>
          <span className="min-w-0 shrink-[999] truncate text-sm text-muted">{`@${group.handle}`}</span>
          <time dateTime={group.createdAt} title={formatFull(time)} className="ml-auto shrink-0 text-xs text-muted">
            {formatAge(time, now)}
          </time>
        </span>
        <span className="flex items-center gap-2">
          <span className={classes('grow truncate text-sm', unread > 0 ? 'font-semibold' : 'text-muted')} dir="auto">
            {group.messageUserUuid === myUuid ? `You: ${group.message}` : group.message}
          </span>
          <UnreadBadge count={unread} />
        </span>
      </span>
    </NavLink>
  );
});
