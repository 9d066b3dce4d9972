import { v7 } from 'uuid';

/** Makes `clientMessageUuid`s: UUIDs of version 7, each later in string order than the one before. */
export type MessageIdSource = () => string;

/**
 * @param now - the server's time in milliseconds: an id dated in the server's future is refused
 * @param random - 16 fresh random bytes
 */
export function createMessageIdSource(
  now: () => number,
  random: () => Uint8Array = () => crypto.getRandomValues(new Uint8Array(16)),
): MessageIdSource {
  let last = { msecs: Number.NEGATIVE_INFINITY, seq: 0 };
  return () => {
    const msecs = Math.floor(now());
    const bytes = random();
    // The clock may step back when its offset is corrected; the outbox sends in the order of ids, so they never do.
    last =
      msecs > last.msecs
        ? { msecs, seq: ((bytes[6] ?? 0) << 16) | ((bytes[7] ?? 0) << 8) | (bytes[8] ?? 0) }
        : { msecs: last.msecs, seq: last.seq + 1 };
    return v7({ msecs: last.msecs, seq: last.seq, random: bytes });
  };
}
