import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { LRUCache } from 'lru-cache';
import type { Members } from './members/members.ts';
import type { Person } from './members/person.ts';
import type { ExpectedMarkers } from './read-markers/read-marker.ts';
import { type Clock, createClock } from './table/clock.ts';
import { type CursorCodec, createCursorCodec } from './table/cursor.ts';
import type { TableRef } from './table/table-ref.ts';

/** What the access patterns work with. */
export interface MessageStore extends TableRef {
  clock: Clock;
  cursors: CursorCodec;
  /** Makes the uuid of a new group. */
  newUuid: () => string;
  /** Names of people that the table itself does not have, because its owner lost a row. */
  findPerson: (userUuid: string) => Promise<Person | undefined>;
  memo: {
    /** Facts that never change once they are so: a group's members, a pair's group. */
    members: LRUCache<string, Members>;
    pairs: LRUCache<string, string>;
    /** Which read markers a person's newest page will need, where one query does not come to all: a guess of keys. */
    expectedMarkers: LRUCache<string, ExpectedMarkers>;
  };
}

export interface MessageStoreOptions {
  client: DynamoDBDocumentClient;
  tableName: string;
  /** Key material of the page cursors, 32 characters or more. */
  cursorSecret: string;
  clock?: Clock;
  newUuid?: MessageStore['newUuid'];
  findPerson?: MessageStore['findPerson'];
}

// About 300 bytes an entry: at most some 15 MB each.
const MEMO_ENTRIES = 50_000;
// Up to 50 uuids an entry, some 4 kB: at most some 20 MB, of people with more than 99 groups alone.
const GUESSES = 5_000;

/** Puts together what the access patterns take as their first argument. */
export function createMessageStore(options: MessageStoreOptions): MessageStore {
  return {
    client: options.client,
    tableName: options.tableName,
    clock: options.clock ?? createClock(),
    cursors: createCursorCodec(options.cursorSecret),
    newUuid: options.newUuid ?? randomUUID,
    findPerson: options.findPerson ?? (() => Promise.resolve(undefined)),
    memo: {
      members: new LRUCache({ max: MEMO_ENTRIES }),
      pairs: new LRUCache({ max: MEMO_ENTRIES }),
      expectedMarkers: new LRUCache({ max: GUESSES }),
    },
  };
}
