import { steadyNow } from '../time/format-time.ts';
import type { MessageGroup } from '../trpc/types.ts';
import { Button } from '../ui/button.tsx';
import { useInView } from '../ui/use-in-view.ts';
import { useNow } from '../ui/use-now.ts';
import { useUnread } from '../unread/use-unread-groups.ts';
import { useMyself } from '../users/me-gate.tsx';
import { GroupRow } from './group-row.tsx';
import { GroupRowsSkeleton } from './messages-skeleton.tsx';

const AGES_EVERY_MS = 30_000;

export interface GroupListProps {
  groups: readonly MessageGroup[];
  hasOlder: boolean;
  isLoadingOlder: boolean;
  /** The last try to load older ones failed. */
  hasFailed: boolean;
  onLoadOlder: () => void;
}

/** The groups, newest first; older ones come as one scrolls. */
export function GroupList({ groups, hasOlder, isLoadingOlder, hasFailed, onLoadOlder }: GroupListProps) {
  const me = useMyself();
  const unread = useUnread();
  const now = useNow(AGES_EVERY_MS);
  const end = useInView<HTMLDivElement>(onLoadOlder, hasOlder && !isLoadingOlder && !hasFailed);
  return (
    <nav aria-label="Conversations" className="min-h-0 grow overflow-y-auto pb-4">
      <ul>
        {groups.map((group) => (
          // Rows out of view are neither laid out nor painted.
          <li key={group.uuid} className="[content-visibility:auto] [contain-intrinsic-height:4.5rem]">
            <GroupRow
              group={group}
              myUuid={me.uuid}
              now={steadyNow(Date.parse(group.createdAt), now)}
              unread={unread.counts.get(group.uuid) ?? 0}
            />
          </li>
        ))}
      </ul>
      {hasOlder ? (
        <div ref={end}>
          {hasFailed ? (
            <div className="flex flex-col items-center gap-2 p-4 text-muted">
              <p role="alert">Older conversations did not load.</p>
              <Button look="quiet" onClick={onLoadOlder}>
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
