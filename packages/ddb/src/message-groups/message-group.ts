import { createHash } from 'node:crypto';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { listIndexedRows } from '../members/members.ts';
import { type Person, personOf } from '../members/person.ts';
import type { MessageStore } from '../message-store.ts';
import { isoOf } from '../messages/message.ts';
import { askReadMarkers, expectMarkers, type ReadMarkers } from '../read-markers/read-marker.ts';
import type { CursorPayload } from '../table/cursor.ts';
import { keys } from '../table/keys.ts';
import { type CallOptions, httpOptions } from '../table/table-ref.ts';
import { type Micros, parseTime } from '../table/time.ts';
import { countUnread, type Unread } from './unread.ts';

/** A conversation as its member sees it in the list: the other person, and the last message. */
export interface MessageGroup {
  uuid: string;
  handle: string;
  displayName: string;
  message: string;
  /** Time of the last message, ISO 8601 in UTC, microseconds. */
  createdAt: string;
  /** Who wrote the last message; `null` in a row that the origin wrote. */
  messageUserUuid: string | null;
  /** Messages of the other person that are newer than the owner's read marker; 100 means "more than 99". */
  unreadCount: number;
  /** The owner's read marker, ISO 8601 in UTC, microseconds; `null` if there is none. */
  readAt: string | null;
  /** Time of the newest message that `unreadCount` takes into account: what is newer is not in it. */
  unreadThrough: string;
}

/** A group's row of one member, as the table holds it; names and shape are the origin's. */
export interface MessageGroupRow {
  pk: string;
  sk: string;
  message_group_uuid: string;
  /** The last one. */
  message: string;
  /** The OTHER person, as the two below. */
  user_uuid: string;
  user_handle: string;
  user_display_name: string;
  /** Who wrote the last message: an attribute of ours. */
  message_user_uuid?: string;
  /** Where the origin's rows ended: messages up to here count as read without a marker. An attribute of ours. */
  unread_after?: string;
}

/** A page of a person's groups. */
export interface MessageGroupPage {
  /** Newest first. */
  items: MessageGroup[];
  nextCursor: string | null;
}

// A move writes the new row before it removes the old one, so a group may have two for a moment (or, after a crash,
// until the batch is retried). The cursor remembers the groups whose rows are this fresh, and older pages leave them out.
const MOVE_MICROS: Micros = 15 * 60 * 1_000_000;
/** Groups that a cursor remembers: it then has at most 2,200 characters, and the page's client sends URLs of up to 4,000. */
const SEEN_MAX = 100;
/** Groups that are looked up at the same time. */
const CONCURRENCY = 10;

/** The row of one member of a group. */
export function messageGroupRow(
  ownerUuid: string,
  other: Person,
  group: { uuid: string; at: Micros; message: string; senderUuid: string },
): MessageGroupRow {
  return {
    ...keys.messageGroupRow(ownerUuid, group.at),
    message_group_uuid: group.uuid,
    message: group.message,
    user_uuid: other.uuid,
    user_handle: other.handle,
    user_display_name: other.displayName,
    message_user_uuid: group.senderUuid,
  };
}

/** A group's row as the API shows it. */
export function toMessageGroup(row: MessageGroupRow, unread: Unread): MessageGroup {
  const { handle, displayName } = personOf(row);
  return {
    uuid: row.message_group_uuid,
    handle,
    displayName,
    message: row.message,
    createdAt: isoOf(row.sk),
    messageUserUuid: row.message_user_uuid ?? null,
    ...unread,
  };
}

/**
 * Pattern B: a page of a person's groups, newest first, each with the other person and the last message. No group is in
 * a page twice, or in a later page again.
 *
 * Two calls at once: the rows, eventually consistent, and the read markers, strongly consistent; for a person with more
 * than 99 markers there may be a third in parallel. Then one query for each group that moved since it was read (see
 * docs/decisions/0008).
 *
 * @throws {MessageStoreError} `cursor_invalid`
 */
export async function listMessageGroups(
  store: MessageStore,
  input: { userUuid: string; limit: number; cursor?: string | undefined },
  options?: CallOptions,
): Promise<MessageGroupPage> {
  const { userUuid, limit, cursor } = input;
  const binding = ['message-groups', userUuid];
  const pk = keys.messageGroups(userUuid);
  const from = cursor === undefined ? undefined : store.cursors.open(binding, cursor);
  const query = new QueryCommand({
    TableName: store.tableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': pk },
    ScanIndexForward: false,
    Limit: limit + 1,
    ...(from ? { ExclusiveStartKey: { pk, sk: from.after } } : {}),
  });
  // The newest page most likely has the same groups as the last time.
  const expected = cursor === undefined ? store.memo.expectedMarkers.get(userUuid) : undefined;
  const [{ Items = [] }, markers] = await Promise.all([
    store.client.send(query, httpOptions(options)),
    askReadMarkers(store, { userUuid, expected }, options),
  ]);
  const page = (Items as MessageGroupRow[]).slice(0, limit);
  const unseen = withoutOlderRows(page, from?.seen);
  const rows = from?.isSeenCut ? await withoutMovedRows(store, unseen, options) : unseen;
  if (cursor === undefined) rememberMarkers(store, userUuid, rows, markers);
  const last = page.at(-1);
  const hasMore = Items.length > limit && last !== undefined;
  const counted = await countUnread(store, { userUuid, rows, markers }, options);
  return {
    items: counted.map(({ row, unread }) => toMessageGroup(row, unread)),
    nextCursor: hasMore
      ? store.cursors.seal(binding, { after: last.sk, ...seenAfter(rows, from, store.clock()) })
      : null,
  };
}

/** Keeps in memory which markers to request in parallel next time. Their values are read each time. */
function rememberMarkers(
  store: MessageStore,
  userUuid: string,
  rows: readonly MessageGroupRow[],
  markers: ReadMarkers,
): void {
  const messageGroupUuids = rows.map((row) => row.message_group_uuid);
  store.memo.expectedMarkers.set(userUuid, expectMarkers(markers, messageGroupUuids));
}

/**
 * Keeps the newest row of each group.
 *
 * @param rows - newest first
 * @param seen - the groups that earlier pages showed, as {@link seenKey} names them
 */
export function withoutOlderRows<Row extends { message_group_uuid: string }>(
  rows: readonly Row[],
  seen: readonly string[] = [],
): Row[] {
  const known = new Set(seen);
  return rows.filter(({ message_group_uuid: uuid }) => {
    const key = seenKey(uuid);
    return !known.has(key) && known.add(key);
  });
}

/** Leaves out the rows whose group has a newer row: 0.5 read units each, for a list of more fresh rows than a cursor holds. */
async function withoutMovedRows(
  store: MessageStore,
  rows: readonly MessageGroupRow[],
  options?: CallOptions,
): Promise<MessageGroupRow[]> {
  const isNewest = async (row: MessageGroupRow) => {
    const all = await listIndexedRows(store, row.message_group_uuid, options);
    return !all.some(({ pk, sk }) => pk === row.pk && sk > row.sk);
  };
  const kept = await pMap(rows, async (row) => ((await isNewest(row)) ? [row] : []), { concurrency: CONCURRENCY });
  return kept.flat();
}

/** The groups that later pages must leave out: those that moved so lately that their old row may still exist. */
function seenAfter(
  rows: readonly MessageGroupRow[],
  { seen = [], isSeenCut }: Partial<CursorPayload> = {},
  now: Micros,
): Pick<CursorPayload, 'seen' | 'isSeenCut'> {
  const fresh = rows.filter((row) => (parseTime(row.sk) ?? 0) > now - MOVE_MICROS);
  const all = [...seen, ...fresh.map((row) => seenKey(row.message_group_uuid))];
  return { seen: all.slice(0, SEEN_MAX), isSeenCut: isSeenCut || all.length > SEEN_MAX };
}

/** A group in a cursor: 64 bits of its uuid's hash, since a hundred uuids would make too long a URL. */
function seenKey(messageGroupUuid: string): string {
  return createHash('sha256').update(messageGroupUuid).digest('base64url').slice(0, 11);
}
