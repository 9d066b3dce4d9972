import { createContext, type ReactNode, useContext } from 'react';
import { useParams } from 'react-router-dom';
import { useSignOut } from '../auth/use-sign-out.ts';
import { MessagesSkeleton } from '../message-groups/messages-skeleton.tsx';
import { errorReason } from '../trpc/api-error.ts';
import { errorWords } from '../trpc/reason-words.ts';
import type { UserShort } from '../trpc/types.ts';
import { useFirstPages } from '../trpc/use-first-pages.ts';
import { Button } from '../ui/button.tsx';
import { PaneMessage } from '../ui/pane-message.tsx';
import { useLate } from '../ui/use-late.ts';
import { useMe } from './use-me.ts';

export const MeContext = createContext<UserShort | null>(null);

/** Whose page this is. */
export function useMyself(): UserShort {
  const me = useContext(MeContext);
  if (me === null) throw new Error('useMyself is called outside MeGate');
  return me;
}

// Mostly the answer is there by then: to draw what it takes away again would only hold it up.
const SKELETON_AFTER_MS = 300;

/** Waits until it is known who one is: without it, one's own messages could not be told from the other's. */
export function MeGate({ children }: { children: ReactNode }) {
  const { data, error, refetch, isFetching } = useMe();
  useFirstPages(useParams().messageGroupUuid);
  const signOut = useSignOut();
  const isLate = useLate(SKELETON_AFTER_MS);
  if (data) return <MeContext value={data}>{children}</MeContext>;
  if (!error) return isLate ? <MessagesSkeleton /> : null;
  const isAccountAtFault = ['handle_taken', 'handle_invalid'].includes(errorReason(error));
  return (
    <main className="flex min-h-full flex-col">
      <PaneMessage
        alert
        title={errorWords(error)}
        action={
          <span className="flex flex-wrap justify-center gap-3">
            {isAccountAtFault ? null : (
              <Button busy={isFetching} onClick={() => void refetch()}>
                Try again
              </Button>
            )}
            <Button look="quiet" onClick={() => void signOut()}>
              Sign out
            </Button>
          </span>
        }
      >
        {isAccountAtFault ? 'Ask those who run Cruddur, or make another account.' : null}
      </PaneMessage>
    </main>
  );
}
