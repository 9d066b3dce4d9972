import type { Location, To } from 'react-router-dom';

/** What the auth pages hand on to each other in the history's state. */
export interface AuthState {
  /** Where the person was going when they were asked to sign in. */
  from?: { pathname: string; search: string; hash: string };
  /** Handle or email that was typed on the page before. */
  username?: string | undefined;
  /** What the page before has done, to be said on this one. */
  notice?: string | undefined;
}

/** Reads the state of a location; it may be anything that an earlier version or another page left there. */
export function authState(location: Pick<Location, 'state'>): AuthState {
  const state: unknown = location.state;
  return typeof state === 'object' && state !== null ? (state as AuthState) : {};
}

/** Where to go after signing in: back, or to the messages. Only paths of this app, whatever the state holds. */
export function returnTo({ from }: AuthState): To {
  if (typeof from?.pathname !== 'string' || !/^\/(?!\/)/.test(from.pathname)) return '/messages';
  return { pathname: from.pathname, search: from.search ?? '', hash: from.hash ?? '' };
}
