import type { QueryClient } from '@tanstack/react-query';
import { getLive } from '../cache/live-state.ts';
import { trpcKeys } from '../trpc/trpc.ts';
import { settled } from '../ui/indexed-db.ts';
import { schedule } from '../ui/timers.ts';
import { isSeen, isStoredThread } from './is-stored.ts';
import {
  COUNTS_KEY,
  GROUPS_KEY,
  ME_KEY,
  markersKey,
  newestPagesOf,
  SETTINGS_KEY,
  threadPagesKey,
} from './query-keys.ts';
import { restoreUnreachable } from './restore.ts';
import { reviseThread, storedLists, storedThread } from './snapshot.ts';
import {
  isFresh,
  LISTS,
  MAX_THREADS,
  openStored,
  SEEN,
  type SeenThread,
  type StoredThread,
  threadKey,
} from './store.ts';

/** Changes are collected for this many milliseconds. */
const WRITE_AFTER_MS = 2_000;

/**
 * Stores what the page shows while it changes, and when it is hidden. Ends where the browser stores nothing, or has no room. Shows stored
 * threads that cannot be read.
 *
 * @returns a function that ends it
 */
export function keepStored(client: QueryClient, userId: string): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const stopRestoring = restoreUnreachable(client, userId);
  // Ignore: the page works without it.
  start(client, userId, signal).catch(() => ending.abort());
  return () => {
    stopRestoring();
    ending.abort();
  };
}

async function start(client: QueryClient, userId: string, signal: AbortSignal): Promise<void> {
  const write = await openStored(userId);
  const changed = createChanged(client);
  let cancel: (() => void) | undefined;
  const flush = async () => {
    cancel?.();
    cancel = undefined;
    const changes = changed();
    if (signal.aborted || (changes.lists === undefined && changes.groups.length === 0)) return;
    if (!(await write((store) => put(store, client, changes)))) stop();
  };
  const flushSafely = () => void flush().catch(stop);
  const unsubscribe = client.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'success') cancel ??= schedule(flushSafely, WRITE_AFTER_MS);
  });
  const onHidden = () => document.visibilityState === 'hidden' && flushSafely();
  document.addEventListener('visibilitychange', onHidden, { signal });
  signal.addEventListener('abort', stop);
  cancel = schedule(flushSafely, WRITE_AFTER_MS);
  if (signal.aborted) stop();

  function stop() {
    cancel?.();
    unsubscribe();
    document.removeEventListener('visibilitychange', onHidden);
  }
}

interface Changes {
  lists: ReturnType<typeof storedLists>;
  /** Groups whose thread is loaded, or of which the page has learned something. */
  groups: string[];
  /** The threads that are open. */
  open: string[];
}

/** Returns a function that finds what has changed since its last call, by the identity of what it is derived from. */
function createChanged(client: QueryClient): () => Changes {
  const known = new Map<string, readonly unknown[]>();
  const isNew = (key: string, sources: readonly unknown[]) => {
    const before = known.get(key);
    known.set(key, sources);
    return before === undefined || sources.some((source, index) => source !== before[index]);
  };
  return () => {
    const live = getLive(client);
    const { messages, copies, states, markers } = live;
    const read = [ME_KEY, GROUPS_KEY, COUNTS_KEY, SETTINGS_KEY].map((key) => client.getQueryData(key));
    const areNew = isNew('', [...read, live.groups, copies, states, live.unread]);
    const candidates = new Set([...loaded(client), ...Object.keys(copies), ...Object.keys(states)]);
    const groups = [...candidates].filter((group) => {
      const data = [threadPagesKey(group), markersKey(group)].map((key) => client.getQueryData(key));
      return isNew(group, [...data, messages[group], copies[group], states[group]?.state, markers[group]]);
    });
    return { lists: areNew ? storedLists(client, Date.now()) : undefined, groups, open: loaded(client, 'active') };
  };
}

/** The groups whose newest messages are loaded. */
function loaded(client: QueryClient, type: 'active' | 'all' = 'all'): string[] {
  const threads = client.getQueryCache().findAll(trpcKeys.messages.list.pathFilter({ type }));
  return threads.flatMap(({ queryKey, state }) => (state.data ? (newestPagesOf(queryKey) ?? []) : []));
}

async function put(store: IDBObjectStore, client: QueryClient, { lists, groups, open }: Changes): Promise<void> {
  if (lists) store.put(lists, LISTS);
  const now = Date.now();
  const stored = await settled<unknown>(store.get(SEEN));
  const seen = new Map((isSeen(stored) ? stored : []).map((thread) => [thread.messageGroupUuid, thread]));
  for (const group of groups) {
    const thread = storedThread(client, group, now);
    if (thread) {
      store.put(thread, threadKey(group));
      seen.set(group, { messageGroupUuid: group, savedAt: now });
    } else if (seen.has(group)) await revise(store, client, group);
  }
  const isOpen = ({ messageGroupUuid }: SeenThread) => Number(open.includes(messageGroupUuid));
  const ordered = [...seen.values()].sort((one, other) => isOpen(other) - isOpen(one));
  const kept = ordered.filter((thread) => isFresh(thread, now)).slice(0, MAX_THREADS);
  for (const thread of ordered) if (!kept.includes(thread)) store.delete(threadKey(thread.messageGroupUuid));
  await settled(store.put(kept, SEEN));
}

/** Applies to a thread that is stored only what the page has learned: its messages may be deleted now. */
async function revise(store: IDBObjectStore, client: QueryClient, group: string): Promise<void> {
  const thread = await settled<unknown>(store.get(threadKey(group)));
  if (!isStoredThread(thread) || !isFresh(thread, Date.now())) store.delete(threadKey(group));
  else {
    const revised: StoredThread = reviseThread(thread, getLive(client));
    if (revised !== thread) store.put(revised, threadKey(group));
  }
}
