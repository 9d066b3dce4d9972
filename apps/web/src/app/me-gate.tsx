import { type ReactNode, useEffect } from 'react';
import { useParams } from 'react-router-dom';
import { MeContext } from '../session/me-context.ts';
import { errorReason } from '../trpc/api-error.ts';
import { errorWords, OFFLINE_WORDS, reasonWords } from '../trpc/reason-words.ts';
import { useContactState } from '../trpc/server-contact.ts';
import { trpc } from '../trpc/trpc.ts';
import { Button } from '../ui/button.tsx';
import { PaneMessage } from '../ui/notice.tsx';
import { useLasting } from '../ui/timers.ts';
import { useSignOut } from '../users/use-sign-out.ts';
import { useMe } from '../users/user-queries.ts';
import { MessagesSkeleton } from './messages-skeleton.tsx';

// Most answers arrive earlier, and a skeleton would only flash.
const SKELETON_AFTER_MS = 300;

/** Renders its children once the signed-in person is known: own messages are shown differently. */
export function MeGate({ children }: { children: ReactNode }) {
  const { data, error, failureReason, refetch } = useMe();
  const contact = useContactState();
  useFirstPages(useParams().messageGroupUuid);
  const signOut = useSignOut();
  const isLate = useLasting(true, SKELETON_AFTER_MS);
  if (data) return <MeContext value={data}>{children}</MeContext>;
  if (!failureReason && contact === 'ok') return isLate ? <MessagesSkeleton /> : null;
  const isAccountAtFault = ['handle_taken', 'handle_invalid'].includes(errorReason(error));
  return (
    <main className="flex min-h-full flex-col">
      <PaneMessage
        alert
        title={
          contact === 'offline' ? OFFLINE_WORDS : failureReason ? errorWords(failureReason) : reasonWords('no_answer')
        }
        action={
          <span className="flex flex-wrap justify-center gap-3">
            {isAccountAtFault ? null : <Button onClick={() => void refetch()}>Try again</Button>}
            <Button look="quiet" onClick={signOut}>
              Sign out
            </Button>
          </span>
        }
      >
        {isAccountAtFault ? 'Contact your administrator, or create another account.' : error ? null : 'Retrying…'}
      </PaneMessage>
    </main>
  );
}

/**
 * Requests the list and the open thread in the same batch as the person: both would otherwise be requested one after the
 * other, once the person is known. `prefetch` makes this very request.
 */
export function useFirstPages(messageGroupUuid: string | undefined): void {
  const utils = trpc.useUtils();
  useEffect(() => {
    void utils.messageGroups.list.prefetchInfinite({});
    if (messageGroupUuid !== undefined) void utils.messages.list.prefetchInfinite({ messageGroupUuid });
  }, [utils, messageGroupUuid]);
}
