import { type Location, Navigate, Outlet, type To, useLocation } from 'react-router-dom';
import { useSession, useSessionStore } from '../session/session-store.ts';

/** What the auth pages pass to each other in the history's state: an email must not be in an address. */
export interface AuthState {
  from?: { pathname: string; search: string; hash: string };
  /** Handle or email, as typed on the previous page. */
  username?: string | undefined;
  notice?: string | undefined;
}

/** A location's state may come from an earlier version or another page. */
export function authState(location: Pick<Location, 'state'>): AuthState {
  const state: unknown = location.state;
  return typeof state === 'object' && state !== null ? (state as AuthState) : {};
}

/** Where to go after signing in: always a path of this app. */
export function returnTo({ from }: AuthState): To {
  if (typeof from?.pathname !== 'string' || !/^\/(?!\/)/.test(from.pathname)) return '/messages';
  return { pathname: from.pathname, search: from.search ?? '', hash: from.hash ?? '' };
}

/** Redirects to the sign-in page, which returns here afterwards. */
export function RequireSession() {
  const session = useSession();
  const ending = useSessionStore().ending();
  const { pathname, search, hash } = useLocation();
  if (session === undefined) return null;
  if (session !== null) return <Outlet />;
  // No return after a sign-out: the next person may be someone else.
  if (ending === 'requested') return <Navigate to="/signin" replace />;
  const notice = ending === 'expired' ? 'Your session has expired. Sign in to continue.' : undefined;
  const state: AuthState = { from: { pathname, search, hash }, notice };
  return <Navigate to="/signin" replace state={state} />;
}

export function RequireNoSession() {
  const session = useSession();
  const location = useLocation();
  if (session) return <Navigate to={returnTo(authState(location))} replace />;
  return <Outlet />;
}
