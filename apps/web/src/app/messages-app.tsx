import { type ReactNode, Suspense, useEffect, useState } from 'react';
import { Navigate, Outlet, Route, Routes, useLocation, useParams } from 'react-router-dom';
import { MessageGroupsProvider } from '../message-groups/message-groups-provider.tsx';
import { ConversationPage } from '../messages/conversation-page.tsx';
import { ChangeNotices } from '../outbox/change-notices.ts';
import { OutboxProvider } from '../outbox/outbox-provider.tsx';
import { useSession, useSessionStore } from '../session/session-store.ts';
import { createServerClock } from '../trpc/server-clock.ts';
import { lazyPart } from '../ui/lazy-part.tsx';
import { localStore } from '../ui/local-store.ts';
import { SettingsSkeleton } from '../ui/skeletons.tsx';
import { ToastsProvider } from '../ui/toasts.tsx';
import { ApiProvider } from './api-provider.tsx';
import { LiveProvider, preloadLiveEvents } from './live-provider.tsx';
import { MeGate, MessagesSkeleton } from './me-gate.tsx';
import { MessagesPage, NoConversationPage } from './messages-page.tsx';
import type { Prefetched } from './prefetch.ts';

const SettingsPage = lazyPart(() => import('../settings/settings-page.tsx'));

interface MessagesAppProps {
  prefetched: Prefetched;
  notFound: ReactNode;
}

/** Everything under `/messages` in one chunk, and the settings, which have another one. */
export default function MessagesApp({ prefetched, notFound }: MessagesAppProps) {
  // The same components as for messages: connection, outbox and lists stay when the person opens the settings.
  const isSettings = useLocation().pathname.startsWith('/settings');
  return (
    <Routes>
      <Route element={<SignedIn prefetched={prefetched} isSettings={isSettings} />}>
        {isSettings ? (
          <Route index element={<SettingsPage />} />
        ) : (
          <>
            <Route index element={<NoConversationPage />} />
            {/* One component for both: the first message changes the second path to the first, and nothing may flicker. */}
            <Route path=":messageGroupUuid" element={<ConversationPage />} />
            <Route path="new/:handle" element={<ConversationPage />} />
          </>
        )}
      </Route>
      <Route path="*" element={notFound} />
    </Routes>
  );
}

function SignedIn({ prefetched, isSettings }: { prefetched: Prefetched; isSettings: boolean }) {
  const sessionStore = useSessionStore();
  const session = useSession();
  const [clock] = useState(() => createServerClock(Date.now));
  const { messageGroupUuid } = useParams();
  const { search } = useLocation();
  useEffect(() => void preloadLiveEvents().catch(() => undefined), []);
  if (!session) return null;
  // Lower case, as the server writes it: one address and one cache key per group.
  const canonical = messageGroupUuid?.toLowerCase();
  if (canonical !== messageGroupUuid) return <Navigate to={{ pathname: `/messages/${canonical}`, search }} replace />;
  const { userId } = session;
  const endSession = () => sessionStore.expire(userId);
  return (
    <ApiProvider
      key={userId}
      tokens={sessionStore.tokensOf(userId)}
      clock={clock}
      prefetched={prefetched}
      onSessionOver={endSession}
    >
      <MeGate skeleton={isSettings ? <SettingsSkeleton /> : <MessagesSkeleton />}>
        <OutboxProvider userId={userId} clock={clock} local={localStore} onSessionOver={endSession}>
          <LiveProvider>
            <ToastsProvider>
              <ChangeNotices />
              <MessageGroupsProvider>
                {isSettings ? (
                  <Suspense fallback={<SettingsSkeleton />}>
                    <Outlet />
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
