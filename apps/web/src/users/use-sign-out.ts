import { wipeUnsent } from '../outbox/unsent-storage.ts';
import { useSessionStore } from '../session/session-context.ts';
import { localStore } from '../ui/local-store.ts';

/** Signs out at the person's request. Nothing that anyone wrote stays in the browser, and no tab writes it again. */
export function useSignOut(): () => void {
  const store = useSessionStore();
  return () => {
    store.signOut('requested');
    wipeUnsent(localStore);
  };
}
