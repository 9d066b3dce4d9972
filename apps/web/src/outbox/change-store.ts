import type { LocalStore } from '../ui/local-store.ts';
import { type ChangeItem, parseChangeItem } from './change-item.ts';
import { createItemStore, type ItemStore } from './item-store.ts';

export const CHANGES_PREFIX = 'change:';

export type ChangeStore = ItemStore<ChangeItem>;

/** The changes of messages that one person has made and the server has not acknowledged. */
export function createChangeStore(local: LocalStore, userId: string): ChangeStore {
  const store = createItemStore<ChangeItem>(local, {
    prefix: `${CHANGES_PREFIX}${userId}:`,
    idOf: ({ id }) => id,
    parse: parseChangeItem,
    arrange: (stored) => stored.sort((a, b) => a.writtenAt - b.writtenAt || (a.id < b.id ? -1 : 1)),
  });
  // A closed tab left acknowledged changes, which the server has.
  const leftovers = store.items().flatMap(({ id, done }) => (done ? id : []));
  if (leftovers.length > 0) store.edit({ remove: leftovers });
  return store;
}
