import { compareTimes } from '../trpc/pages.ts';
import type { LocalStore } from '../ui/local-store.ts';
import type { Seen } from './unread-groups.ts';

/** Keys of what this device has shown one person. */
export const seenPrefix = (userId: string) => `seen:${userId}:`;

export interface SeenStore {
  /** The same object until something changes. */
  seen: () => Seen;
  /** Takes in the newest message of the list when the person first opened the page here; `undefined` for an empty one. */
  begin(newest: string | undefined): void;
  /** Takes in that a group was shown up to a message; never moves backwards. */
  mark(messageGroupUuid: string, createdAt: string): void;
  subscribe: (listener: () => void) => () => void;
}

const BEFORE_ALL = '1970-01-01T00:00:00.000000Z';

export function createSeenStore(store: LocalStore, userId: string): SeenStore {
  const prefix = seenPrefix(userId);
  const sinceKey = `${prefix}since`;
  const listeners = new Set<() => void>();
  const read = (): Seen => ({
    since: store.get(sinceKey) ?? undefined,
    upTo: (messageGroupUuid) => store.get(prefix + messageGroupUuid) ?? undefined,
  });
  let seen = read();
  const changed = () => {
    seen = read();
    for (const listener of listeners) listener();
  };
  return {
    seen: () => seen,
    begin(newest) {
      if (seen.since !== undefined) return;
      store.set(sinceKey, newest ?? BEFORE_ALL);
      changed();
    },
    mark(messageGroupUuid, createdAt) {
      const known = seen.upTo(messageGroupUuid);
      if (known !== undefined && compareTimes(createdAt, known) <= 0) return;
      store.set(prefix + messageGroupUuid, createdAt);
      changed();
    },
    subscribe(listener) {
      listeners.add(listener);
      const stop = store.onOtherTab((key) => {
        if (key === null || key.startsWith(prefix)) changed();
      });
      return () => {
        listeners.delete(listener);
        stop();
      };
    },
  };
}
