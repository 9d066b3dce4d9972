import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { BY_CURSOR } from '../cache/pages.ts';
import { receiveState } from '../cache/state-edits.ts';
import { t } from '../i18n/t.ts';
import { errorWords } from '../trpc/reason-words.ts';
import { useTRPC } from '../trpc/trpc.ts';
import { Button } from '../ui/button.tsx';
import { Notice, RetryNotice } from '../ui/notice.tsx';
import { useToasts } from '../ui/use-toasts.ts';
import { Avatar } from '../users/avatar.tsx';
import { Section } from './section.tsx';

/** The people that the person blocks, page by page. */
export function BlockedSection() {
  const client = useQueryClient();
  const trpc = useTRPC();
  const people = useInfiniteQuery(trpc.users.listBlocked.infiniteQueryOptions({}, BY_CURSOR));
  const list = useRef<HTMLDivElement>(null);
  const { show } = useToasts();
  const unblock = useMutation(
    trpc.users.unblock.mutationOptions({
      onSuccess: (state) => state && receiveState(client, state),
      onSettled: () => client.invalidateQueries(trpc.users.listBlocked.pathFilter()),
    }),
  );
  const blocked = people.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Section title={t('settings.blocked')}>
      <p className="text-muted">{t('settings.blocked.hint')}</p>
      {people.error && blocked.length === 0 ? (
        <RetryNotice
          words={t('settings.blocked.loadFailed', { reason: errorWords(people.error) })}
          onRetry={() => void people.refetch()}
        />
      ) : null}
      {people.isSuccess && blocked.length === 0 ? <p>{t('settings.blocked.none')}</p> : null}
      <div ref={list} tabIndex={-1} className="outline-none">
        <ul aria-label={t('settings.blocked')}>
          {blocked.map(({ uuid, handle, displayName }) => (
            <li key={uuid} className="flex min-h-14 items-center gap-3 py-1.5">
              <Avatar handle={handle} displayName={displayName} className="size-9" />
              <span className="min-w-0 grow">
                <span dir="auto" className="block truncate font-medium text-page-start">
                  {displayName}
                </span>
                <span dir="ltr" className="block truncate text-sm text-muted text-page-start">{`@${handle}`}</span>
              </span>
              <Button
                look="quiet"
                aria-label={t('settings.unblock.name', { name: displayName })}
                busy={unblock.isPending && unblock.variables.handle === handle}
                onClick={() => {
                  const onSuccess = () =>
                    show({ id: `unblock:${uuid}`, words: t('settings.unblock.done', { name: displayName }) });
                  unblock.mutate({ handle }, { onSuccess });
                  // The row disappears with its button.
                  list.current?.focus();
                }}
              >
                {t('settings.unblock')}
              </Button>
            </li>
          ))}
        </ul>
      </div>
      {people.hasNextPage ? (
        <Button look="quiet" busy={people.isFetchingNextPage} onClick={() => void people.fetchNextPage()}>
          {t('settings.blocked.more')}
        </Button>
      ) : null}
      {unblock.error ? <Notice>{t('settings.unblock.failed', { reason: errorWords(unblock.error) })}</Notice> : null}
    </Section>
  );
}
