import type { LocalStore } from '../ui/local-store.ts';
import { createItemStore } from './item-store.ts';
import { itemsFor, type OutboxItem, parseOutboxItem, sortItems, targetKey } from './outbox-item.ts';

export const OUTBOX_PREFIX = 'outbox:';

export type OutboxStore = ReturnType<typeof createOutboxStore>;

/** The unsent messages of one person. */
export function createOutboxStore(local: LocalStore, userId: string) {
  const { edit, ...store } = createItemStore<OutboxItem>(local, {
    prefix: `${OUTBOX_PREFIX}${userId}:`,
    idOf: ({ clientMessageUuid }) => clientMessageUuid,
    parse: parseOutboxItem,
    arrange: (stored) => {
      const replaced = new Set(stored.map((item) => item.replaces));
      return sortItems(stored.filter((item) => !replaced.has(item.clientMessageUuid)));
    },
  });
  const replacedBy = ({ replaces }: OutboxItem) => replaces ?? [];
  // A closed tab left acknowledged items, which the server has, and replaced ones.
  const leftovers = store.items().flatMap((item) => [replacedBy(item), item.sent ? item.clientMessageUuid : []].flat());
  if (leftovers.length > 0) edit({ remove: leftovers });
  return {
    ...store,
    /** Also removes the item that this one replaces. */
    put: (item: OutboxItem) => edit({ put: [item], remove: [replacedBy(item)].flat() }),
    /** Moves a person's messages to the group with that person, once it is known. */
    retarget(handle: string, messageGroupUuid: string) {
      store.refresh();
      const items = itemsFor(store.items(), targetKey({ handle }));
      edit({ put: items.map((item) => ({ ...item, target: { messageGroupUuid } })) });
    },
  };
}
