import { wipeUnsent } from '../outbox/unsent-storage.ts';
import { useSessionStore } from '../session/session-store.ts';
import { localStore } from '../ui/local-store.ts';

/** Signs out, and removes all drafts and unsent messages from the browser for good, in every tab. */
export function useSignOut(): () => void {
  const store = useSessionStore();
  return () => {
    store.signOut('requested');
    wipeUnsent(localStore);
  };
}
