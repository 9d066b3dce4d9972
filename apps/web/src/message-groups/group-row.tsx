import { memo } from 'react';
import { NavLink } from 'react-router-dom';
import { plainText } from '../markup/plain-text.ts';
import { formatAge, formatFull } from '../time/format-time.ts';
import { useListState } from '../ui/back-to-list.ts';
import { classes } from '../ui/classes.ts';
import { Avatar } from '../users/avatar.tsx';
import { GroupSigns } from './group-signs.tsx';
import { type ListRow, rowPath } from './list-rows.ts';

interface GroupRowProps {
  row: ListRow;
  myUuid: string;
  /** Milliseconds since the epoch. */
  now: number;
  unread: number;
  /** The query of the list's address, with its `?`. */
  query: string;
}

/** A group in the list: the other person, the last message and its time. */
export const GroupRow = memo(function GroupRow(props: GroupRowProps) {
  const { row, unread, now } = props;
  const isUnread = unread > 0 || row.isMarkedUnread;
  const time = Date.parse(row.createdAt);
  return (
    <div data-row={row.uuid} className="group relative">
      <NavLink
        to={{ pathname: rowPath(row), search: props.query }}
        state={useListState()}
        className={({ isActive }) => classes(ROW, isActive ? 'bg-selected' : 'group-hover:bg-hover')}
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
          <LastMessage {...props} isUnread={isUnread} />
        </span>
      </NavLink>
    </div>
  );
});

const ROW = 'mx-2 flex h-[4.5rem] items-center gap-3 rounded-2xl px-2 -outline-offset-2';

interface LastMessageProps extends GroupRowProps {
  isUnread: boolean;
}

function LastMessage({ row, myUuid, now, unread, isUnread }: LastMessageProps) {
  return (
    <span className="flex items-center gap-2">
      <span
        className={classes(
          'grow truncate text-sm',
          row.hasFailed ? 'text-danger' : isUnread ? 'font-semibold' : 'text-muted',
          row.isMessageDeleted && 'italic',
        )}
        dir="auto"
      >
        {rowText(row, myUuid)}
      </span>
      <GroupSigns row={row} unread={unread} now={now} />
    </span>
  );
}

function rowText({ message, messageUserUuid, isMessageDeleted, hasFailed }: ListRow, myUuid: string): string {
  const isOwn = messageUserUuid === myUuid;
  if (isMessageDeleted) return isOwn ? 'You deleted a message' : 'Message deleted';
  const text = plainText(message);
  return isOwn ? `${hasFailed ? 'Not sent' : 'You'}: ${text}` : text;
}
