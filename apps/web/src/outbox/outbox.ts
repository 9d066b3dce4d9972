import type { PersonName } from '../trpc/types.ts';
import type { OutboxItem, Target } from './outbox-item.ts';
import type { OutboxSender } from './outbox-sender.ts';
import type { OutboxStore } from './outbox-store.ts';

/** What components can do with outgoing messages. */
export interface Outbox {
  enqueue: (target: Target, message: string, person?: PersonName) => void;
  retry: (clientMessageUuid: string) => void;
  remove: (clientMessageUuid: string) => void;
}

export interface OutboxDeps {
  store: OutboxStore;
  sender: OutboxSender;
  /** @param at - the time in the id, in milliseconds */
  newId: (at: number) => string;
  /** The server's time, in milliseconds. */
  now: () => number;
  /** The device's own time, in milliseconds. */
  deviceNow: () => number;
}

export function createOutbox({ store, sender, newId, now, deviceNow }: OutboxDeps): Outbox {
  const find = (id: string): OutboxItem | undefined => store.items().find((item) => item.clientMessageUuid === id);
  return {
    enqueue(target, message, person) {
      const at = now();
      const createdAt = new Date(at).toISOString();
      // After everything that waits already, even if the device's clock was set back.
      const writtenAt = Math.max(deviceNow(), (store.items().at(-1)?.writtenAt ?? 0) + 1);
      store.put({
        clientMessageUuid: newId(at),
        target,
        person,
        message,
        createdAt,
        writtenAt,
        failure: null,
        sent: null,
      });
      sender.wake();
    },
    retry(clientMessageUuid) {
      const item = find(clientMessageUuid);
      if (item) store.put({ ...item, failure: null });
      sender.wake(true);
    },
    remove(clientMessageUuid) {
      store.remove(clientMessageUuid);
      sender.wake(true);
    },
  };
}
