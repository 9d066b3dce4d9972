import { memo, useEffect, useRef } from 'react';
import { NavLink, useParams } from 'react-router-dom';
import { plainText } from '../markup/plain-text.ts';
import { useMyself } from '../session/me-context.ts';
import { formatAge, formatFull } from '../time/format-time.ts';
import { useListState } from '../ui/back-to-list.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { useInView } from '../ui/in-view.ts';
import { countWords } from '../ui/page-title.ts';
import { GroupRowsSkeleton } from '../ui/skeletons.tsx';
import { useNow } from '../ui/timers.ts';
import { Avatar } from '../users/avatar.tsx';
import { type ListRow, rowPath } from './list-rows.ts';
import type { MessageGroups } from './message-groups-provider.tsx';

const AGE_UPDATE_MS = 30_000;

type GroupListProps = Pick<
  MessageGroups,
  'rows' | 'unread' | 'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError'
> & { fetchNextPage: () => unknown };

/** The groups, newest first. Older ones are loaded as the list is scrolled. */
export function GroupList({ rows, unread, fetchNextPage, ...query }: GroupListProps) {
  const me = useMyself();
  const now = useNow(AGE_UPDATE_MS);
  const { hasNextPage, isFetchNextPageError } = query;
  const loadOlder = () => void fetchNextPage();
  const end = useInView<HTMLDivElement>(loadOlder, hasNextPage && !query.isFetchingNextPage && !isFetchNextPageError);
  const nav = useOpenRowInView();
  return (
    <nav ref={nav} aria-label="Conversations" className="min-h-0 grow overflow-y-auto pb-4">
      <ul>
        {rows.map((row) => (
          // Rows out of view are neither laid out nor painted.
          <li key={row.uuid} className="[content-visibility:auto] [contain-intrinsic-height:4.5rem]">
            <GroupRow row={row} myUuid={me.uuid} now={now} unread={unread.counts.get(row.uuid) ?? 0} />
          </li>
        ))}
      </ul>
      {hasNextPage ? (
        <div ref={end}>
          {isFetchNextPageError ? (
            <div className="flex flex-col items-center gap-2 p-4 text-muted">
              <p role="alert">Couldn’t load older conversations.</p>
              <Button look="quiet" onClick={loadOlder}>
                Try again
              </Button>
            </div>
          ) : (
            <GroupRowsSkeleton rows={2} />
          )}
        </div>
      ) : null}
    </nav>
  );
}

/** Scrolls to the row of a conversation that is opened. A row that loads later must not move the list under the pointer. */
function useOpenRowInView() {
  const nav = useRef<HTMLElement>(null);
  const { messageGroupUuid } = useParams();
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another conversation is opened
  useEffect(() => {
    nav.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest' });
  }, [messageGroupUuid]);
  return nav;
}

interface GroupRowProps {
  row: ListRow;
  myUuid: string;
  /** Milliseconds since the epoch. */
  now: number;
  unread: number;
}

/** A group in the list: the other person, the last message and its time. */
const GroupRow = memo(function GroupRow({ row, myUuid, now, unread }: GroupRowProps) {
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
              row.isMessageDeleted && 'italic',
            )}
            dir="auto"
          >
            {rowText(row, myUuid)}
          </span>
          <UnreadBadge count={unread} />
        </span>
      </span>
    </NavLink>
  );
});

function rowText({ message, messageUserUuid, isMessageDeleted, hasFailed }: ListRow, myUuid: string): string {
  const isOwn = messageUserUuid === myUuid;
  if (isMessageDeleted) return isOwn ? 'You deleted a message' : 'Message deleted';
  const text = plainText(message);
  return isOwn ? `${hasFailed ? 'Not sent' : 'You'}: ${text}` : text;
}

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
