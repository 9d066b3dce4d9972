import { useState } from 'react';
import { Navigate, useParams } from 'react-router-dom';
import { MessageGroupsProvider } from '../message-groups/message-groups-provider.tsx';
import { OutboxProvider } from '../outbox/outbox-provider.tsx';
import { useSession, useSessionStore } from '../session/session-context.tsx';
import { createServerClock } from '../trpc/server-clock.ts';
import { localStore } from '../ui/local-store.ts';
import { ApiProvider } from './api-provider.tsx';
import { LiveProvider } from './live-provider.tsx';
import { MeGate } from './me-gate.tsx';
import { MessagesPage } from './messages-page.tsx';
import type { Ahead } from './prefetch.ts';

export { NoConversationPage } from '../message-groups/no-conversation-page.tsx';
export { ConversationPage } from '../messages/conversation-page.tsx';

/** All that needs a session: one chunk, loaded in parallel with the check for it. */
export default function MessagesApp({ ahead }: { ahead: Ahead }) {
  const sessionStore = useSessionStore();
  const session = useSession();
  const [clock] = useState(() => createServerClock(Date.now));
  const { messageGroupUuid } = useParams();
  if (!session) return null;
  // A group has one address, and one key in every cache: with the uuid in lower case, as the server writes it.
  const canonical = messageGroupUuid?.toLowerCase();
  if (canonical !== messageGroupUuid) return <Navigate to={`/messages/${canonical}`} replace />;
  const { userId } = session;
  return (
    <ApiProvider
      key={userId}
      tokens={sessionStore.tokens}
      clock={clock}
      ahead={ahead}
      firstAnswers={ahead.answersTo(sessionStore.accessToken())}
      onSessionOver={() => sessionStore.signOut('expired')}
    >
      <MeGate>
        <OutboxProvider userId={userId} clock={clock} local={localStore}>
          <LiveProvider>
            <MessageGroupsProvider>
              <MessagesPage />
            </MessageGroupsProvider>
          </LiveProvider>
        </OutboxProvider>
      </MeGate>
    </ApiProvider>
  );
}
