import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { shownName } from '@cruddur/config';
import { LRUCache } from 'lru-cache';
import { type Clock, createClock } from './clock.ts';
import { type CursorCodec, createCursorCodec } from './cursor.ts';
import type { Members } from './members.ts';
import type { ExpectedMarkers } from './read-marker.ts';

/** Somebody as the table's items name them. */
export interface Person {
  uuid: string;
  handle: string;
  displayName: string;
}

/** Reads the person that an item names. The origin's names, and our older ones, were stored unchecked. */
export function personOf(item: { user_uuid: string; user_handle: string; user_display_name?: string }): Person {
  const { user_uuid: uuid, user_handle: handle, user_display_name: name = '' } = item;
  return { uuid, handle, displayName: shownName(name, handle) };
}

/** Where the items are. */
export interface TableRef {
  client: DynamoDBDocumentClient;
  tableName: string;
}

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

/** Bounds of one call: the request's own deadline. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
}

/** The SDK's name for the same. */
export function httpOptions(options: CallOptions | undefined): { abortSignal?: AbortSignal } {
  return options?.signal ? { abortSignal: options.signal } : {};
}
