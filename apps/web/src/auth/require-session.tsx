import { Navigate, Outlet, useLocation } from 'react-router-dom';
import { useSession, useSessionStore } from '../session/session-context.tsx';
import { type AuthState, authState, returnTo } from './return-to.ts';

/** Pages for those who are signed in; others sign in first and come back. */
export function RequireSession() {
  const session = useSession();
  const ending = useSessionStore().ending();
  const { pathname, search, hash } = useLocation();
  if (session === undefined) return null;
  if (session !== null) return <Outlet />;
  // Whoever signed out is done with the page; the next one to sign in may be somebody else.
  if (ending === 'requested') return <Navigate to="/signin" replace />;
  const notice = ending === 'expired' ? 'Your session has expired. Sign in to continue.' : undefined;
  const state: AuthState = { from: { pathname, search, hash }, notice };
  return <Navigate to="/signin" replace state={state} />;
}

/** Pages for those who are not signed in; whoever is goes on to where they were going. */
export function RequireNoSession() {
  const session = useSession();
  const location = useLocation();
  if (session) return <Navigate to={returnTo(authState(location))} replace />;
  return <Outlet />;
}
