import { wipeWritten } from '../outbox/written.ts';
import { localStore } from '../ui/local-store.ts';
import { useSessionStore } from './session-context.tsx';

/** Signs out at the person's request. Nothing that anyone wrote stays in the browser, and no tab writes it again. */
export function useSignOut(): () => void {
  const store = useSessionStore();
  return () => {
    store.signOut('requested');
    wipeWritten(localStore);
  };
}
