import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Session, SessionStore } from './session.ts';

const SessionContext = createContext<SessionStore | null>(null);

export const SessionProvider = SessionContext.Provider;

/** The store of who is signed in. */
export function useSessionStore(): SessionStore {
  const store = useContext(SessionContext);
  if (store === null) throw new Error('useSessionStore is called outside SessionProvider');
  return store;
}

/** Who is signed in: `undefined` until it is known, `null` for nobody. */
export function useSession(): Session | null | undefined {
  const store = useSessionStore();
  return useSyncExternalStore(store.subscribe, store.current);
}
