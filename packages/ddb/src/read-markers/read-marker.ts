import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { parseUnread, type StoredUnread } from '../members/stored-unread.ts';
import { findMessageAt } from '../messages/read-messages.ts';
import { countThread } from '../messages/thread-span.ts';
import { batchGet } from '../table/batch.ts';
import type { WithClock } from '../table/clock.ts';
import { isDynamoDbUnavailable, meetsCondition } from '../table/errors.ts';
import { keys, readMarkerOwnerOf } from '../table/keys.ts';
import { type Item, itemSchema, parseItem } from '../table/parse-items.ts';
import { firstPage, inPartition, type QueryPage } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { EPOCH, formatTime, isoOf, type Micros, parseTime } from '../table/time.ts';

export interface ReadMarker {
  messageGroupUuid: string;
  userUuid: string;
  /** Time of the newest message seen, ISO 8601 in UTC, microseconds. */
  readAt: string;
}

/** A read marker as stored. Every list reads it, so it is kept small. */
export const readMarkerSchema = itemSchema({
  pk: z.string(),
  /** The group. */
  sk: z.string(),
  /** A time as in sort keys: of a fixed width, so that string order is time order. */
  read_up_to: z.string().check(z.refine((time) => parseTime(time) !== undefined, 'is not a time')),
  /** A {@link StoredUnread}, by {@link unreadOfMarker}: only if there were newer messages when it was set. */
  unread: z.optional(z.unknown()),
});
export type ReadMarkerItem = z.output<typeof readMarkerSchema>;

export function readMarkerItem(userUuid: string, messageGroupUuid: string, at: Micros): ReadMarkerItem {
  return { ...keys.readMarker(userUuid, messageGroupUuid), read_up_to: formatTime(at) };
}

/** What a person's marker shows of a group. */
export interface MarkedGroup {
  /** Time of the newest message seen. */
  at: Micros;
  /** As in {@link readMarkerSchema}. */
  unread?: unknown;
}

/** A marker's unread count, unless the marker has moved since. */
export function unreadOfMarker({ at, unread }: MarkedGroup): StoredUnread | undefined {
  const stored = parseUnread(unread);
  return stored?.after === at ? stored : undefined;
}

/**
 * Marks a group as read up to a time, in 1 write unit and 1 read unit. A marker never moves backwards: a time that is not later than
 * the existing one changes nothing. A time in the future is cut to now, unless a message has it (another server's
 * clock is ahead of this one's). The caller checks membership.
 *
 * @returns the current marker, and whether this call moved it
 */
export async function markRead(
  store: TableRef & WithClock,
  input: { messageGroupUuid: string; userUuid: string; at: Micros },
): Promise<{ marker: ReadMarker; moved: boolean }> {
  const { messageGroupUuid, userUuid, at } = input;
  const now = store.clock();
  const isFuture = at > now && !(await findMessageAt(store, { messageGroupUuid, at }));
  const item = readMarkerItem(userUuid, messageGroupUuid, isFuture ? now : at);
  const marker = ({ read_up_to }: ReadMarkerItem) => ({ messageGroupUuid, userUuid, readAt: isoOf(read_up_to) });
  for (let malformed: unknown; ; ) {
    const existing = await putMarker(store, item, malformed);
    if (!existing) {
      await countAfterMarker(store, item, input);
      return { marker: marker(item), moved: true };
    }
    const current = parseItem(store, readMarkerSchema, existing);
    if (current) return { marker: marker(current), moved: false };
    malformed = existing.read_up_to;
  }
}

/**
 * Puts a marker, unless the existing one is as late.
 *
 * @param malformed - the existing one's value, if it is not a time
 * @returns the existing one, if it stays
 */
async function putMarker(
  { client, tableName, signal }: TableRef,
  { pk, sk, read_up_to }: ReadMarkerItem,
  malformed: unknown,
): Promise<Item | undefined> {
  const isEarlier = 'attribute_not_exists(read_up_to) OR read_up_to < :at';
  const update = new UpdateCommand({
    TableName: tableName,
    Key: { pk, sk },
    UpdateExpression: 'SET read_up_to = :at REMOVE unread',
    ConditionExpression: malformed === undefined ? isEarlier : 'read_up_to = :malformed',
    ExpressionAttributeValues: { ':at': read_up_to, ':malformed': malformed },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    await client.send(update, { abortSignal: signal });
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException) || !error.Item) throw error;
    return unmarshall(error.Item);
  }
}

/**
 * Stores on a marker that was just moved how many messages are newer, if there are any.
 *
 * The order matters: a move of the group's rows that still read the old marker handles a message that was in the table before the
 * marker moved. So this count, made afterwards, includes it, and reaches at least to the row that the move puts.
 */
async function countAfterMarker(
  table: TableRef,
  { pk, sk, read_up_to }: ReadMarkerItem,
  { messageGroupUuid, userUuid }: { messageGroupUuid: string; userUuid: string },
): Promise<void> {
  const after = parseTime(read_up_to) ?? EPOCH;
  try {
    const { count, newest: through } = await countThread(table, messageGroupUuid, { userUuid, after });
    if (through === undefined || count === undefined) return;
    const unread: StoredUnread = { count, after, through };
    const update = new UpdateCommand({
      TableName: table.tableName,
      Key: { pk, sk },
      UpdateExpression: 'SET unread = :unread',
      ConditionExpression: 'read_up_to = :at',
      ExpressionAttributeValues: { ':unread': unread, ':at': read_up_to },
    });
    await meetsCondition(table.client.send(update, { abortSignal: table.signal }));
  } catch (error) {
    // The mark is made. Without a count, lists count from the thread.
    if (!isDynamoDbUnavailable(error)) throw error;
  }
}

/** The read markers of a group's members, strongly consistent: of those who have one, in the order asked for. */
export async function listReadMarkers(
  table: TableRef,
  { messageGroupUuid, userUuids }: { messageGroupUuid: string; userUuids: readonly string[] },
): Promise<ReadMarker[]> {
  const wanted = userUuids.map((userUuid) => keys.readMarker(userUuid, messageGroupUuid));
  const items = await batchGet(table, readMarkerSchema, wanted);
  return userUuids.flatMap((userUuid) => {
    const item = items.find(({ pk }) => pk === keys.readMarkers(userUuid));
    return item ? [{ messageGroupUuid, userUuid, readAt: isoOf(item.read_up_to) }] : [];
  });
}

/**
 * Queries the first read markers of a person, strongly consistent; `next` is the last group that was reached.
 *
 * @param limit - by default as many as fit into one answer of 1 MB: some 8,500, for at most 256 read units
 */
export function queryReadMarkers(
  table: TableRef,
  { userUuid, limit }: { userUuid: string; limit?: number },
): Promise<QueryPage<ReadMarkerItem>> {
  const query = { ...inPartition(keys.readMarkers(userUuid)), ConsistentRead: true, Limit: limit };
  return firstPage(table, readMarkerSchema, query);
}

/**
 * A person's markers of some groups, by group. Markers beyond the first page are read by key, for 1 unit each.
 *
 * @param input.first - what that query returned; by default all are read by key
 */
export async function markedGroupsOf(
  table: TableRef,
  input: { userUuid: string; messageGroupUuids: readonly string[]; first?: QueryPage<ReadMarkerItem> },
): Promise<Map<string, MarkedGroup>> {
  const { items, next } = input.first ?? { items: [], next: '' };
  const missing = next === undefined ? [] : input.messageGroupUuids.filter((uuid) => uuid > next);
  const wanted = missing.map((uuid) => keys.readMarker(input.userUuid, uuid));
  const markers = [...items, ...(await batchGet(table, readMarkerSchema, wanted))];
  return new Map(markers.map((marker) => [marker.sk, markedGroup(marker)]));
}

/** Markers by member. */
export type MemberMarkers = ReadonlyMap<string, MarkedGroup>;

/** The markers of some groups' members, by group; strongly consistent, a hundred a call. */
export async function markersOfGroups(
  table: TableRef,
  groups: ReadonlyMap<string, readonly string[]>,
): Promise<Map<string, MemberMarkers>> {
  const wanted = [...groups].flatMap(([messageGroupUuid, userUuids]) =>
    userUuids.map((userUuid) => keys.readMarker(userUuid, messageGroupUuid)),
  );
  const found = new Map([...groups].map(([uuid]) => [uuid, new Map<string, MarkedGroup>()]));
  for (const marker of await batchGet(table, readMarkerSchema, wanted)) {
    found.get(marker.sk)?.set(readMarkerOwnerOf(marker.pk) ?? '', markedGroup(marker));
  }
  return found;
}

/** The same for one group. */
export async function markersOfMembers(
  table: TableRef,
  messageGroupUuid: string,
  userUuids: readonly string[],
): Promise<MemberMarkers> {
  const found = await markersOfGroups(table, new Map([[messageGroupUuid, userUuids]]));
  return found.get(messageGroupUuid) ?? new Map();
}

const markedGroup = ({ read_up_to, unread }: ReadMarkerItem): MarkedGroup => ({
  at: parseTime(read_up_to) ?? EPOCH,
  unread,
});
