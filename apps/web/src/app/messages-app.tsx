import { type ReactNode, type RefObject, Suspense, useState } from 'react';
import { Redirect, Route, Switch, useParams } from 'wouter';
import { MessageGroupsProvider } from '../message-groups/message-groups-provider.tsx';
import { ChangeNotices } from '../outbox/change-notices.ts';
import { OutboxProvider } from '../outbox/outbox-provider.tsx';
import { useSession, useSessionStore } from '../session/session-store.ts';
import { createServerClock } from '../trpc/server-clock.ts';
import { lazyPart } from '../ui/lazy-part.tsx';
import { localStore } from '../ui/local-store.ts';
import { useHistoryEntry } from '../ui/page-router.tsx';
import { SettingsSkeleton } from '../ui/skeletons.tsx';
import { ToastsProvider } from '../ui/toasts.tsx';
import { ApiProvider } from './api-provider.tsx';
import { AppBadge } from './app-badge.ts';
import { KeepStored } from './keep-stored.tsx';
import { LiveProvider } from './live-provider.tsx';
import { LoadingPage, MeGate } from './me-gate.tsx';
import { MessagesPage } from './messages-page.tsx';
import type { Prefetched } from './prefetch.ts';
import type { Restorable } from './restorable.ts';
import { UpdateBanner } from './update.tsx';

const SettingsPage = lazyPart(() => import('../settings/settings-page.tsx'));

/** What an earlier visit has stored, until the session ends. */
export type RestorableRef = RefObject<Restorable | undefined>;

interface MessagesAppProps {
  prefetched: Prefetched;
  restorable: RestorableRef;
  notFound: ReactNode;
}

/** Everything under `/messages` in one chunk, and the settings, which have another one. */
export default function MessagesApp({ prefetched, restorable, notFound }: MessagesAppProps) {
  const messages = <SignedIn prefetched={prefetched} restorable={restorable} isSettings={false} />;
  return (
    // The same component in each route: connection, outbox and lists stay when the person goes from one to another. So does the
    // conversation when the first message changes its path, and nothing may flicker.
    <Switch>
      <Route path="/settings">
        <SignedIn prefetched={prefetched} restorable={restorable} isSettings />
      </Route>
      <Route path="/messages">{messages}</Route>
      <Route path="/messages/new/:handle">{messages}</Route>
      <Route path="/messages/:messageGroupUuid">{messages}</Route>
      <Route>{notFound}</Route>
    </Switch>
  );
}

function SignedIn({
  prefetched,
  restorable,
  isSettings,
}: Omit<MessagesAppProps, 'notFound'> & { isSettings: boolean }) {
  const sessionStore = useSessionStore();
  const session = useSession();
  const [clock] = useState(() => createServerClock(Date.now));
  const { messageGroupUuid } = useParams();
  const { search } = useHistoryEntry();
  if (!session) return null;
  // Lower case, as the server writes it: one address and one cache key per group.
  const canonical = messageGroupUuid?.toLowerCase();
  if (canonical !== messageGroupUuid) return <Redirect to={`/messages/${canonical}${search}`} replace />;
  const { userId } = session;
  const endSession = () => sessionStore.expire(userId);
  return (
    <ApiProvider
      key={userId}
      tokens={sessionStore.tokensOf(userId)}
      clock={clock}
      prefetched={prefetched}
      restore={restorable.current?.userId === userId ? restorable.current.restore : undefined}
      onSessionOver={endSession}
    >
      <MeGate skeleton={isSettings ? <SettingsSkeleton /> : <LoadingPage />}>
        <KeepStored userId={userId} />
        <OutboxProvider userId={userId} clock={clock} local={localStore} onSessionOver={endSession}>
          <LiveProvider>
            <ToastsProvider>
              <ChangeNotices />
              <MessageGroupsProvider>
                <AppBadge />
                {isSettings ? (
                  <Suspense fallback={<SettingsSkeleton />}>
                    <SettingsPage banner={<UpdateBanner />} />
                  </Suspense>
                ) : (
                  <MessagesPage />
                )}
              </MessageGroupsProvider>
            </ToastsProvider>
          </LiveProvider>
        </OutboxProvider>
      </MeGate>
    </ApiProvider>
  );
}
