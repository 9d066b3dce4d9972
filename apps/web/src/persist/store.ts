import type {
  MessageGroupCounts,
  MessageGroupPage,
  MessagePage,
  ReadMarker,
  Settings,
  UserShort,
} from '../trpc/types.ts';
import { inStore, settled } from '../ui/indexed-db.ts';
import { KEPT, wipeStored } from './wipe-stored.ts';

/** A higher number throws away what earlier versions have stored. A new field needs none: what lacks it is thrown away too. */
const VERSION = 1;
/** What was stored longer ago is thrown away, in milliseconds. */
export const MAX_AGE_MS = 30 * 24 * 60 * 60 * 1000;
/** How many threads are kept: those seen last. */
export const MAX_THREADS = 20;

/** What every page shows. */
export interface StoredLists {
  savedAt: number;
  me: UserShort;
  groups: MessageGroupPage;
  counts?: MessageGroupCounts | undefined;
  settings?: Settings | undefined;
}

/** The newest messages of a thread. */
export interface StoredThread {
  savedAt: number;
  page: MessagePage;
  markers: readonly ReadMarker[];
}

export type SeenThread = Pick<StoredThread, 'savedAt'> & { messageGroupUuid: string };

/** What a page opens with. The values come from a browser's storage: see `isStoredLists` and `isStoredThread`. */
export interface Stored {
  userId: string;
  lists: unknown;
  /** Of the thread that the page's address names. */
  thread: { messageGroupUuid: string; value: unknown } | undefined;
}

/** Whose data the database has. There is one at a time. */
interface Owner {
  version: number;
  userId: string;
  /** Created with the data, and gone with them: a tab that was asleep at a sign-out does not bring them back. */
  epoch: string;
}

const OWNER = 'owner';
export const LISTS = 'lists';
/** The stored threads as {@link SeenThread}s, the one seen last first. */
export const SEEN = 'seen';
export const threadKey = (messageGroupUuid: string) => `thread:${messageGroupUuid}`;

export const isFresh = ({ savedAt }: { savedAt: number }, now: number): boolean =>
  Math.abs(now - savedAt) <= MAX_AGE_MS;

/**
 * Reads what this person's page has stored. What it finds of another person, or of another version, is deleted.
 *
 * @param userId - Cognito's `sub`
 * @param messageGroupUuid - of the thread that the page opens, if any
 * @returns `undefined` if nothing is stored, also where the browser stores nothing
 */
export async function readStored(userId: string, messageGroupUuid: string | undefined): Promise<Stored | undefined> {
  try {
    const keys = [OWNER, LISTS, ...(messageGroupUuid === undefined ? [] : [threadKey(messageGroupUuid)])];
    const [owner, lists, value] = await inStore(KEPT, 'readonly', (store) =>
      Promise.all(keys.map((key) => settled<unknown>(store.get(key)))),
    );
    if (owner !== undefined && !isOwnedBy(owner, userId)) wipeStored();
    if (!isOwnedBy(owner, userId) || lists === undefined) return undefined;
    return { userId, lists, thread: messageGroupUuid && value ? { messageGroupUuid, value } : undefined };
  } catch {
    // Another structure, or damaged files: nothing could ever be stored. The page reads everything from the server.
    wipeStored();
    return undefined;
  }
}

/** Reads a stored thread; `undefined` where there is none of this person. */
export async function readStoredThread(userId: string, messageGroupUuid: string): Promise<unknown> {
  const [owner, value] = await inStore(KEPT, 'readonly', (store) =>
    Promise.all([OWNER, threadKey(messageGroupUuid)].map((key) => settled<unknown>(store.get(key)))),
  );
  return isOwnedBy(owner, userId) ? value : undefined;
}

/**
 * Opens the store for a person's data, without what others have left. Rejects where the browser stores nothing.
 *
 * @returns runs a transaction that writes; false, and nothing is written, if the data were deleted since, in any tab
 */
export async function openStored(userId: string) {
  const epoch = await inStore(KEPT, 'readwrite', async (store) => {
    const known = await settled<unknown>(store.get(OWNER));
    if (isOwnedBy(known, userId)) return known.epoch;
    const owner: Owner = { version: VERSION, userId, epoch: crypto.randomUUID() };
    store.clear();
    await settled(store.put(owner, OWNER));
    return owner.epoch;
  });
  return (write: (store: IDBObjectStore) => Promise<void>): Promise<boolean> =>
    inStore(KEPT, 'readwrite', async (store) => {
      const owner = await settled<unknown>(store.get(OWNER));
      if (!isOwnedBy(owner, userId) || owner.epoch !== epoch) return false;
      await write(store);
      return true;
    });
}

function isOwnedBy(owner: unknown, userId: string): owner is Owner {
  if (typeof owner !== 'object' || owner === null) return false;
  const { version, userId: whose, epoch } = owner as Partial<Owner>;
  return version === VERSION && whose === userId && typeof epoch === 'string';
}
