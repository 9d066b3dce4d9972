import type { QueryClient } from '@tanstack/react-query';
import { readStored } from '../persist/store.ts';
import { openedThread } from './prefetch.ts';

/** What an earlier visit of a person has stored. */
export interface Restorable {
  userId: string;
  /** Shows it, until the server has answered. */
  restore: (client: QueryClient) => void;
}

/**
 * Finds what the first render shows before the server has answered. Online, nothing if the address leads to what is not stored: that
 * waits for the server anyway, and all of its first answers are prefetched.
 *
 * @param userId - Cognito's `sub`
 */
export async function findRestorable(
  userId: string,
  { pathname, search }: Pick<Location, 'pathname' | 'search'>,
): Promise<Restorable | undefined> {
  const stored = await readStored(userId, openedThread(pathname));
  if (stored === undefined) return undefined;
  const isThere = stored.thread !== undefined || !pathname.startsWith('/messages/');
  const isLinked = new URLSearchParams(search).has('at');
  if (navigator.onLine && (!isThere || isLinked)) return undefined;
  const { restore } = await import('../persist/restore.ts');
  return { userId: stored.userId, restore: (client) => restore(client, stored, Date.now()) };
}
