import { draftPrefix } from '../outbox/drafts.ts';
import { outboxPrefix } from '../outbox/outbox-store.ts';
import { createLocalStore, removeKeys } from '../ui/local-store.ts';
import { useSession, useSessionStore } from './session-context.tsx';

/** Signs out by the person's wish: nothing that they wrote or read stays in the browser. */
export function useSignOut(): () => Promise<void> {
  const store = useSessionStore();
  const session = useSession();
  return async () => {
    await store.signOut('wished');
    if (!session) return;
    const local = createLocalStore(window.localStorage, window);
    removeKeys(local, draftPrefix(session.userId));
    removeKeys(local, outboxPrefix(session.userId));
  };
}
