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
  /** The device's own time, in milliseconds. */
  deviceNow: () => number;
}

export function createOutbox({ store, sender, nextId, now, deviceNow }: OutboxDeps): Outbox {
  const find = (id: string): OutboxItem | undefined => store.items().find((item) => item.clientMessageUuid === id);
  return {
    enqueue(target, message) {
      const createdAt = new Date(now()).toISOString();
      // Never before what waits already, even where the device's clock was set back meanwhile.
      const writtenAt = Math.max(deviceNow(), store.items().at(-1)?.writtenAt ?? 0);
      store.put({ clientMessageUuid: nextId(), target, message, createdAt, writtenAt, failure: null, sent: null });
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
