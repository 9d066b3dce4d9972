import type { ReactNode } from 'react';
import { Redirect } from 'wouter';
import { t } from '../i18n/t.ts';
import { useSession, useSessionStore } from '../session/session-store.ts';
import { useHistoryEntry } from '../ui/page-router.tsx';

/** What the auth pages pass to each other in the history's state: an email must not be in an address. */
export interface AuthState {
  from?: { pathname: string; search: string; hash: string };
  /** Handle or email, as typed on the previous page. */
  username?: string | undefined;
  notice?: string | undefined;
}

/** What the previous page has left for this one. */
export function useAuthState(): AuthState {
  return authState(useHistoryEntry().state);
}

/** The state may come from an earlier version or another page. */
export function authState(state: unknown): AuthState {
  return typeof state === 'object' && state !== null ? (state as AuthState) : {};
}

/** Where to go after signing in: always a path of this app. */
export function returnTo({ from }: AuthState): string {
  if (typeof from?.pathname !== 'string' || !/^\/(?!\/)/.test(from.pathname)) return '/messages';
  return `${from.pathname}${from.search ?? ''}${from.hash ?? ''}`;
}

/** Redirects to the sign-in page, which returns here afterwards. */
export function RequireSession({ children }: { children: ReactNode }) {
  const session = useSession();
  const ending = useSessionStore().ending();
  const { pathname, search, hash } = useHistoryEntry();
  if (session === undefined) return null;
  if (session !== null) return children;
  // No return after a sign-out: the next person may be someone else.
  if (ending === 'requested') return <Redirect to="/signin" replace />;
  const notice = ending === 'expired' ? t('app.sessionExpired') : undefined;
  const state: AuthState = { from: { pathname, search, hash }, notice };
  return <Redirect to="/signin" replace state={state} />;
}

export function RequireNoSession({ children }: { children: ReactNode }) {
  const session = useSession();
  const state = useAuthState();
  if (session) return <Redirect to={returnTo(state)} replace />;
  return children;
}
