import { useState } from 'react';
import { useSession, useSessionStore } from './auth/session-context.tsx';
import { MessagesPage } from './message-groups/messages-page.tsx';
import { OutboxProvider } from './outbox/outbox-provider.tsx';
import { ApiProvider } from './trpc/api-provider.tsx';
import { createServerClock } from './trpc/server-clock.ts';
import { createLocalStore } from './ui/local-store.ts';
import { MeGate } from './users/me-gate.tsx';

export { NoConversationPage } from './message-groups/no-conversation-page.tsx';
export { ConversationPage } from './messages/conversation-page.tsx';

/** All that needs a session: one chunk, loaded beside the check for it. */
export default function MessagesApp() {
  const sessionStore = useSessionStore();
  const session = useSession();
  const [clock] = useState(() => createServerClock(Date.now));
  const [local] = useState(() => createLocalStore(window.localStorage, window));
  if (!session) return null;
  const { userId } = session;
  return (
    <ApiProvider
      key={userId}
      tokens={sessionStore.tokens}
      clock={clock}
      onSessionOver={() => void sessionStore.signOut('expired')}
    >
      <MeGate>
        <OutboxProvider userId={userId} clock={clock} local={local}>
          <MessagesPage />
        </OutboxProvider>
      </MeGate>
    </ApiProvider>
  );
}
