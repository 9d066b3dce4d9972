import { useEffect, useRef } from 'react';
import { useParams } from 'wouter';
import { isMuted } from '../cache/group-state.ts';
import { useLive } from '../cache/live-state.ts';
import { t } from '../i18n/t.ts';
import { useMyself } from '../session/me-context.ts';
import { formatAge } from '../time/format-time.ts';
import { Button } from '../ui/button.tsx';
import { useInView } from '../ui/in-view.ts';
import { GroupRowsSkeleton } from '../ui/skeletons.tsx';
import { useNow } from '../ui/timers.ts';
import { filterQuery } from './group-filter.ts';
import { GroupRow } from './group-row.tsx';
import { useOtherDrafts } from './use-other-drafts.ts';
import { useRowStop } from './use-row-stop.ts';
import type { ShownGroups } from './use-shown-groups.ts';

const AGE_UPDATE_MS = 30_000;

type GroupListProps = Pick<
  ShownGroups,
  'filter' | 'rows' | 'counts' | 'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError'
> & { fetchNextPage: () => unknown };

/** The groups, newest first. Older ones are loaded as the list is scrolled. */
export function GroupList({ filter, rows, counts, fetchNextPage, ...query }: GroupListProps) {
  const me = useMyself();
  const now = useNow(AGE_UPDATE_MS);
  const { hasNextPage, isFetchNextPageError } = query;
  const loadOlder = () => void fetchNextPage();
  const end = useInView<HTMLDivElement>(loadOlder, hasNextPage && !query.isFetchingNextPage && !isFetchNextPageError);
  const nav = useOpenRowInView();
  const drafts = useOtherDrafts();
  const { stop, handlers } = useRowStop(rows);
  const typing = useLive((live) => live.typing);
  return (
    <nav ref={nav} aria-label={t('list.conversations')} className="min-h-0 grow overflow-y-auto pb-4">
      <ul {...handlers}>
        {rows.map((row) => (
          // Rows out of view are neither laid out nor painted.
          <li key={row.uuid} className="[content-visibility:auto] [contain-intrinsic-height:4.5rem]">
            <GroupRow
              row={row}
              myUuid={me.uuid}
              age={formatAge(Date.parse(row.createdAt), now)}
              isMuted={isMuted(row.mutedUntil, now)}
              unread={counts.get(row.uuid) ?? 0}
              draft={drafts.get(row.uuid) ?? ''}
              isTyping={row.uuid in typing}
              isTabStop={row.uuid === stop}
              query={filterQuery(filter)}
            />
          </li>
        ))}
      </ul>
      {hasNextPage ? (
        <div ref={end}>
          {isFetchNextPageError ? (
            <div className="flex flex-col items-center gap-2 p-4 text-muted">
              <p role="alert">{t('list.olderFailed')}</p>
              <Button look="quiet" onClick={loadOlder}>
                {t('app.tryAgain')}
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
