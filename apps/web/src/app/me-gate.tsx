import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { useParams } from 'wouter';
import { BY_CURSOR } from '../cache/pages.ts';
import { t } from '../i18n/t.ts';
import { MeContext } from '../session/me-context.ts';
import { errorReason } from '../trpc/api-error.ts';
import { contactWords, errorWords } from '../trpc/reason-words.ts';
import { useContactState } from '../trpc/server-contact.ts';
import { useTRPC } from '../trpc/trpc.ts';
import { Button } from '../ui/button.tsx';
import { PaneMessage } from '../ui/notice.tsx';
import { MessagesSkeleton } from '../ui/skeletons.tsx';
import { useLasting } from '../ui/timers.ts';
import { useSignOut } from '../users/use-sign-out.ts';
import { useMe } from '../users/user-queries.ts';

// Most answers arrive earlier, and a skeleton would only flash.
const SKELETON_AFTER_MS = 300;

/**
 * Renders its children once the signed-in person is known: own messages are shown differently.
 *
 * @param props.skeleton - of the page, until then
 */
export function MeGate({ skeleton, children }: { skeleton: ReactNode; children: ReactNode }) {
  const { data, error, failureReason, refetch } = useMe();
  const contact = useContactState();
  useFirstPages(useParams().messageGroupUuid);
  const signOut = useSignOut();
  const isLate = useLasting(true, SKELETON_AFTER_MS);
  if (data) return <MeContext value={data}>{children}</MeContext>;
  if (!failureReason && contact === 'ok') return isLate ? skeleton : null;
  const isAccountAtFault = ['handle_taken', 'handle_invalid'].includes(errorReason(error));
  return (
    <main className="flex min-h-full flex-col">
      <PaneMessage
        alert
        title={failureReason && contact !== 'offline' ? errorWords(failureReason) : contactWords(contact)}
        action={
          <span className="flex flex-wrap justify-center gap-3">
            {isAccountAtFault ? null : <Button onClick={() => void refetch()}>{t('app.tryAgain')}</Button>}
            <Button look="quiet" onClick={signOut}>
              {t('app.signOut')}
            </Button>
          </span>
        }
      >
        {isAccountAtFault ? t('app.accountAtFault') : error ? null : t('app.retrying')}
      </PaneMessage>
    </main>
  );
}

/** Requests the list and the open thread in the same batch as the person. `prefetch` sends the same request early. */
export function useFirstPages(messageGroupUuid: string | undefined): void {
  const client = useQueryClient();
  const trpc = useTRPC();
  useEffect(() => {
    void client.prefetchInfiniteQuery(trpc.messageGroups.list.infiniteQueryOptions({}, BY_CURSOR));
    if (messageGroupUuid === undefined) return;
    void client.prefetchInfiniteQuery(trpc.messages.list.infiniteQueryOptions({ messageGroupUuid }, BY_CURSOR));
    void client.prefetchQuery(trpc.messageGroups.readMarkers.queryOptions({ messageGroupUuid }));
  }, [client, trpc, messageGroupUuid]);
}

/** The page's skeleton, until the signed-in person is known. */
export function LoadingPage() {
  const { messageGroupUuid, handle } = useParams();
  return (
    <main aria-label={t('app.messages')} aria-busy="true" className="h-full">
      <MessagesSkeleton isOpen={messageGroupUuid !== undefined || handle !== undefined} />
    </main>
  );
}
