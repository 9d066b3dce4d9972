import { type BusEvent, STORED_MAX_AGE_MS } from '@cruddur/bus';
import { LRUCache } from 'lru-cache';

/** Deliveries that are remembered, about 150 bytes each. One that is forgotten early is a catch-up too many. */
const DELIVERIES_MAX = 100_000;

/** Remembers which messages were delivered to whom, for as long as the stream's Lambda may still announce them. */
export function createDeliveredMessages() {
  const versions = new LRUCache<string, number>({ max: DELIVERIES_MAX, ttl: 2 * STORED_MAX_AGE_MS });
  const keyOf = (userUuid: string, messageUuid: string) => `${userUuid} ${messageUuid}`;
  return {
    add(event: BusEvent, recipients: readonly string[]): void {
      if (event.type !== 'message' && event.type !== 'changed') return;
      const { uuid, version } = event.message;
      for (const userUuid of recipients) {
        const key = keyOf(userUuid, uuid);
        versions.set(key, Math.max(version, versions.get(key) ?? 0));
      }
    },
    /** Whether a person has received a message, at least as it was in a version. */
    has: (userUuid: string, messageUuid: string, version: number): boolean =>
      (versions.get(keyOf(userUuid, messageUuid)) ?? -1) >= version,
  };
}
