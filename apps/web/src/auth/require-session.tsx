import { Navigate, Outlet, useLocation } from 'react-router-dom';
import { useSession, useSessionStore } from '../session/session-context.ts';
import { type AuthState, authState, returnTo } from './return-to.ts';

/** Redirects to the sign-in page, which leads back. */
export function RequireSession() {
  const session = useSession();
  const ending = useSessionStore().ending();
  const { pathname, search, hash } = useLocation();
  if (session === undefined) return null;
  if (session !== null) return <Outlet />;
  // After a sign-out it does not lead back: the next person may be another one.
  if (ending === 'requested') return <Navigate to="/signin" replace />;
  const notice = ending === 'expired' ? 'Your session has expired. Sign in to continue.' : undefined;
  const state: AuthState = { from: { pathname, search, hash }, notice };
  return <Navigate to="/signin" replace state={state} />;
}

/** Redirects signed-in people to where they were going. */
export function RequireNoSession() {
  const session = useSession();
  const location = useLocation();
  if (session) return <Navigate to={returnTo(authState(location))} replace />;
  return <Outlet />;
}
