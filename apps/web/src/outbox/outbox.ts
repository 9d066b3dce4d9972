import type { MessageIdSource } from '../messages/message-id.ts';
import type { OutboxItem, Target } from './outbox-item.ts';
import type { OutboxSender } from './outbox-sender.ts';
import type { OutboxStore } from './outbox-store.ts';

/** What a component may do with messages on their way. */
export interface Outbox {
  enqueue: (target: Target, message: string) => void;
  retry: (clientMessageUuid: string) => void;
  remove: (clientMessageUuid: string) => void;
}

export interface OutboxDeps {
  store: OutboxStore;
  sender: OutboxSender;
  nextId: MessageIdSource;
  /** The server's time, in milliseconds. */
  now: () => number;
}

export function createOutbox({ store, sender, nextId, now }: OutboxDeps): Outbox {
  const find = (id: string): OutboxItem | undefined => store.items().find((item) => item.clientMessageUuid === id);
  return {
    enqueue(target, message) {
      const createdAt = new Date(now()).toISOString();
      store.put({ clientMessageUuid: nextId(), target, message, createdAt, failure: null });
      sender.wake();
    },
    retry(clientMessageUuid) {
      const item = find(clientMessageUuid);
      if (item) store.put({ ...item, failure: null });
      sender.wake(true);
    },
    remove(clientMessageUuid) {
      store.remove(clientMessageUuid);
      // Those behind it need not wait any longer.
      sender.wake(true);
    },
  };
}
