import type { ReactNode } from 'react';
import { useParams } from 'react-router-dom';
import { MeContext } from '../session/me-context.ts';
import { useSignOut } from '../session/use-sign-out.ts';
import { errorReason } from '../trpc/api-error.ts';
import { useContactState } from '../trpc/contact-context.ts';
import { errorWords, OFFLINE_WORDS, reasonWords } from '../trpc/reason-words.ts';
import { Button } from '../ui/button.tsx';
import { PaneMessage } from '../ui/pane-message.tsx';
import { useLate } from '../ui/use-late.ts';
import { useMe } from '../users/use-me.ts';
import { MessagesSkeleton } from './messages-skeleton.tsx';
import { useFirstPages } from './use-first-pages.ts';

// Most answers arrive earlier: a skeleton that is replaced at once would only delay them.
const SKELETON_AFTER_MS = 300;

/** Waits until it is known who is signed in: without it, own messages cannot be told from the other person's. */
export function MeGate({ children }: { children: ReactNode }) {
  const { data, error, failureReason, refetch } = useMe();
  const contact = useContactState();
  useFirstPages(useParams().messageGroupUuid);
  const signOut = useSignOut();
  const isLate = useLate(SKELETON_AFTER_MS);
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
