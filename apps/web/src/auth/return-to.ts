import type { Location, To } from 'react-router-dom';

/** What the auth pages pass to each other in the history's state: an email must not be in an address. */
export interface AuthState {
  /** The page that required signing in. */
  from?: { pathname: string; search: string; hash: string };
  /** Handle or email that was typed on the page before. */
  username?: string | undefined;
  /** What the page before has done. This page shows it. */
  notice?: string | undefined;
}

/** Reads a location's state. It may be anything that an earlier version or another page left there. */
export function authState(location: Pick<Location, 'state'>): AuthState {
  const state: unknown = location.state;
  return typeof state === 'object' && state !== null ? (state as AuthState) : {};
}

/** Where to go after signing in: back, or to the messages. Only ever a path of this app. */
export function returnTo({ from }: AuthState): To {
  if (typeof from?.pathname !== 'string' || !/^\/(?!\/)/.test(from.pathname)) return '/messages';
  return { pathname: from.pathname, search: from.search ?? '', hash: from.hash ?? '' };
}
