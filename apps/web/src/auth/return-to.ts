import type { Location, To } from 'react-router-dom';

/** What the auth pages pass to each other in the history's state: an email must not be in an address. */
export interface AuthState {
  from?: { pathname: string; search: string; hash: string };
  /** Handle or email, as typed on the previous page. */
  username?: string | undefined;
  /** What the previous page has done; shown by the next one. */
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
