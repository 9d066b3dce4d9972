import { createContext, useContext, useSyncExternalStore } from 'react';
import type { AccessTokens } from '../trpc/links.ts';

/** A signed-in person. `userId` is Cognito's `sub`. */
export interface Session {
  userId: string;
}

/** How a session ended: the person signed out, or the server refused its token. */
export type SessionEnding = 'requested' | 'expired';

export interface SessionStore {
  /** `undefined` until known, `null` when signed out. */
  current: () => Session | null | undefined;
  subscribe: (listener: () => void) => () => void;
  /** Reads the session again: after signing in, or if the server refused a token. */
  refresh(): Promise<void>;
  /**
   * Loads and configures Amplify. Needed before each call of Amplify's.
   *
   * @throws {CodeNotLoaded} if its code does not load
   */
  connect(): Promise<void>;
  /** Ends the session on this device at once. Cognito revokes it in the background. */
  signOut(ending: SessionEnding): void;
  /** How the last session of this tab ended; `null` where there was none. */
  ending(): SessionEnding | null;
  tokens: AccessTokens;
  /** SRP on AWS; the emulator has the password flow only. */
  authFlowType: 'USER_SRP_AUTH' | 'USER_PASSWORD_AUTH';
}

const SessionContext = createContext<SessionStore | null>(null);

export const SessionProvider = SessionContext.Provider;

export function useSessionStore(): SessionStore {
  const store = useContext(SessionContext);
  if (store === null) throw new Error('useSessionStore is called outside SessionProvider');
  return store;
}

/** The current session: `undefined` until known, `null` when signed out. */
export function useSession(): Session | null | undefined {
  const store = useSessionStore();
  return useSyncExternalStore(store.subscribe, store.current);
}
