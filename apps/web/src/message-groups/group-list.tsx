import { useEffect, useRef } from 'react';
import { useParams } from 'react-router-dom';
import { useMyself } from '../session/me-context.ts';
import { steadyNow } from '../time/format-time.ts';
import { Button } from '../ui/button.tsx';
import { useInView } from '../ui/in-view.ts';
import { GroupRowsSkeleton } from '../ui/skeletons.tsx';
import { useNow } from '../ui/timers.ts';
import { GroupRow } from './group-row.tsx';
import type { ListRow } from './list-rows.ts';

const AGES_EVERY_MS = 30_000;

export interface GroupListProps {
  rows: readonly ListRow[];
  /** Unread messages by group. */
  unreadCounts: ReadonlyMap<string, number>;
  hasOlder: boolean;
  isLoadingOlder: boolean;
  /** The last attempt to load older ones failed. */
  hasFailed: boolean;
  onLoadOlder: () => void;
}

/** The groups, newest first. Older ones are loaded as the list is scrolled. */
export function GroupList({ rows, unreadCounts, hasOlder, isLoadingOlder, hasFailed, onLoadOlder }: GroupListProps) {
  const me = useMyself();
  const now = useNow(AGES_EVERY_MS);
  const end = useInView<HTMLDivElement>(onLoadOlder, hasOlder && !isLoadingOlder && !hasFailed);
  const nav = useOpenRowInView();
  return (
    <nav ref={nav} aria-label="Conversations" className="min-h-0 grow overflow-y-auto pb-4">
      <ul>
        {rows.map((row) => (
          // Rows out of view are neither laid out nor painted.
          <li key={row.uuid} className="[content-visibility:auto] [contain-intrinsic-height:4.5rem]">
            <GroupRow
              row={row}
              myUuid={me.uuid}
              now={steadyNow(Date.parse(row.createdAt), now)}
              unread={unreadCounts.get(row.uuid) ?? 0}
            />
          </li>
        ))}
      </ul>
      {hasOlder ? (
        <div ref={end}>
          {hasFailed ? (
            <div className="flex flex-col items-center gap-2 p-4 text-muted">
              <p role="alert">Couldn’t load older conversations.</p>
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

/**
 * Scrolls to the row of the conversation that is opened, by a key, a link or a reload. Not when its row is loaded later
 * on: the list would move under the pointer of someone who scrolls.
 */
function useOpenRowInView() {
  const nav = useRef<HTMLElement>(null);
  const { messageGroupUuid } = useParams();
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another conversation is opened
  useEffect(() => {
    nav.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest' });
  }, [messageGroupUuid]);
  return nav;
}
