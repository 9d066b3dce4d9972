import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { MembersStore } from './members/members.ts';
import type { PairStore } from './members/pair.ts';
import { createClock, type WithClock } from './table/clock.ts';
import { createCursorCodec, type WithCursors } from './table/cursor.ts';
import type { TableRef } from './table/table-ref.ts';

/** The first argument of the access patterns. Each declares the parts that it needs. */
export interface MessageStore extends MembersStore, PairStore, WithClock, WithCursors {
  /** Creates the uuid of a new group. */
  newUuid: () => string;
}

export interface MessageStoreOptions extends TableRef, Partial<Pick<MessageStore, 'clock' | 'newUuid' | 'findPerson'>> {
  /** Key material of the page cursors, 32 characters or more. */
  cursorSecret: string;
}

// About 300 bytes an entry, so at most 15 MB each.
const KNOWN_MAX = 50_000;

export function createMessageStore({ cursorSecret, ...options }: MessageStoreOptions): MessageStore {
  return {
    clock: createClock(),
    newUuid: randomUUID,
    findPerson: async () => undefined,
    ...options,
    cursors: createCursorCodec(cursorSecret),
    knownMembers: new LRUCache({ max: KNOWN_MAX }),
    knownPairs: new LRUCache({ max: KNOWN_MAX }),
  };
}
