import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { MessageStore } from '../message-store.ts';
import { findMessageAt, isoOf } from '../messages/message.ts';
import { batchGet } from '../table/batch-get.ts';
import { keys } from '../table/keys.ts';
import { type CallOptions, httpOptions, type TableRef } from '../table/table-ref.ts';
import { formatTime, type Micros, parseTime } from '../table/time.ts';

/** How far one member has read a group. */
export interface ReadMarker {
  messageGroupUuid: string;
  userUuid: string;
  /** Time of the newest message seen, ISO 8601 in UTC, microseconds. */
  readAt: string;
}

/** A read marker as the table holds it. Its key tells whose and of what; every attribute more is read by every list. */
export interface ReadMarkerItem {
  pk: string;
  sk: string;
  /** A time as sort keys have it: of a fixed width, so that string order is time order. */
  read_up_to: string;
}

/** The item of a read marker. */
export function readMarkerItem(userUuid: string, messageGroupUuid: string, at: Micros): ReadMarkerItem {
  return { ...keys.readMarker(userUuid, messageGroupUuid), read_up_to: formatTime(at) };
}

/**
 * Marks a group as read up to a time, in 1 write unit. A marker never moves backwards: a time that is not later than
 * the existing one's changes nothing. A time in the future is cut to now, unless a message has it (another server's
 * clock is ahead of this one's). Whether the caller may read the group is the caller's to check.
 *
 * @returns the current marker, and whether this call moved it
 */
export async function markRead(
  store: MessageStore,
  input: { messageGroupUuid: string; userUuid: string; at: Micros },
  options?: CallOptions,
): Promise<{ marker: ReadMarker; moved: boolean }> {
  const { messageGroupUuid, userUuid } = input;
  const readUpTo = formatTime(await notInFuture(store, input, options));
  const marker = (value: string): ReadMarker => ({ messageGroupUuid, userUuid, readAt: isoOf(value) });
  try {
    await store.client.send(
      new UpdateCommand({
        TableName: store.tableName,
        Key: keys.readMarker(userUuid, messageGroupUuid),
        UpdateExpression: 'SET read_up_to = :at',
        ConditionExpression: 'attribute_not_exists(read_up_to) OR read_up_to < :at',
        ExpressionAttributeValues: { ':at': readUpTo },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
      httpOptions(options),
    );
    return { marker: marker(readUpTo), moved: true };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException) || !error.Item) throw error;
    return { marker: marker((unmarshall(error.Item) as ReadMarkerItem).read_up_to), moved: false };
  }
}

async function notInFuture(
  store: MessageStore,
  { messageGroupUuid, at }: { messageGroupUuid: string; at: Micros },
  options?: CallOptions,
): Promise<Micros> {
  const now = store.clock();
  if (at <= now) return at;
  return (await findMessageAt(store, { messageGroupUuid, at }, options)) ? at : now;
}

/** The read markers of a group's members, strongly consistent: of those who have one, in the order asked for. */
export async function listReadMarkers(
  store: TableRef,
  input: { messageGroupUuid: string; userUuids: readonly string[] },
  options?: CallOptions,
): Promise<ReadMarker[]> {
  const { messageGroupUuid, userUuids } = input;
  const wanted = userUuids.map((userUuid) => keys.readMarker(userUuid, messageGroupUuid));
  const items = await batchGet<ReadMarkerItem>(store, wanted, options);
  return userUuids.flatMap((userUuid) => {
    const item = items.find(({ pk }) => pk === keys.readMarkers(userUuid));
    return item ? [{ messageGroupUuid, userUuid, readAt: isoOf(item.read_up_to) }] : [];
  });
}

/** Which markers to ask for by their keys, before it is known which groups a page has. */
export interface ExpectedMarkers {
  messageGroupUuids: readonly string[];
  /** Whether they are read in parallel with the query, which does not reach them, or instead of it. */
  besideQuery: boolean;
}

/** A person's read markers, as far as they were asked for. */
export interface ReadMarkers {
  /** By group. */
  times: Map<string, Micros>;
  /** The last group that the query came to; `undefined` where it came to the end, empty where there was none. */
  through: string | undefined;
  /** Groups beyond that, which were asked for by their keys. */
  asked: ReadonlySet<string>;
}

// A marker has 123 bytes, so 99 are just under 12 kB: 3 read units at most, and 1 for up to 33.
const MARKERS_AT_ONCE = 99;
/** What a query costs that does not come to the end, in read units; a marker by its key costs one. */
const QUERY_UNITS = 3;

/**
 * The markers of one person, strongly consistent: by one query of a bounded size and, at the same time, by the keys of those
 * that it is known not to come to.
 *
 * @param expected - `undefined` where nothing is known
 */
export async function askReadMarkers(
  store: TableRef,
  { userUuid, expected }: { userUuid: string; expected: ExpectedMarkers | undefined },
  options?: CallOptions,
): Promise<ReadMarkers> {
  const { messageGroupUuids, besideQuery } = expected ?? { messageGroupUuids: [], besideQuery: true };
  const [first, byKey] = await Promise.all([
    besideQuery
      ? queryReadMarkers(store, { userUuid, limit: MARKERS_AT_ONCE }, options)
      : { times: new Map<string, Micros>(), through: '' },
    getTimes(store, userUuid, messageGroupUuids, options),
  ]);
  return {
    times: new Map([...first.times, ...byKey]),
    through: first.through,
    asked: new Set(messageGroupUuids),
  };
}

/**
 * The first markers of a person, strongly consistent.
 *
 * @param limit - `undefined` for as many as fit into one answer of 1 MB: some 8,500, for at most 256 read units
 */
export async function queryReadMarkers(
  store: TableRef,
  { userUuid, limit }: { userUuid: string; limit: number | undefined },
  options?: CallOptions,
): Promise<Pick<ReadMarkers, 'times' | 'through'>> {
  const { Items = [], LastEvaluatedKey } = await store.client.send(
    new QueryCommand({
      TableName: store.tableName,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': keys.readMarkers(userUuid) },
      Limit: limit,
    }),
    httpOptions(options),
  );
  return { times: timesOf(Items as ReadMarkerItem[]), through: LastEvaluatedKey?.sk as string | undefined };
}

/**
 * What to expect of a page that showed these groups, when it is asked for again: their markers beyond the query or, where
 * that costs no more, all of them without it. `undefined` where the query alone tells all.
 */
export function expectMarkers(markers: ReadMarkers, messageGroupUuids: readonly string[]): ExpectedMarkers | undefined {
  const beyond = beyondQuery(markers, messageGroupUuids);
  if (beyond.length === 0) return undefined;
  const besideQuery = beyond.length + QUERY_UNITS < messageGroupUuids.length;
  return { messageGroupUuids: besideQuery ? beyond : messageGroupUuids, besideQuery };
}

function beyondQuery({ through }: ReadMarkers, messageGroupUuids: readonly string[]): string[] {
  return through === undefined ? [] : messageGroupUuids.filter((uuid) => uuid > through);
}

/** The markers of a page's groups: as they were asked for, and by their keys where they were not yet. */
export async function readMarkersOf(
  store: TableRef,
  input: { userUuid: string; messageGroupUuids: readonly string[]; markers: ReadMarkers },
  options?: CallOptions,
): Promise<Map<string, Micros>> {
  const { userUuid, messageGroupUuids, markers } = input;
  const missing = beyondQuery(markers, messageGroupUuids).filter((uuid) => !markers.asked.has(uuid));
  return new Map([...markers.times, ...(await getTimes(store, userUuid, missing, options))]);
}

async function getTimes(
  store: TableRef,
  userUuid: string,
  messageGroupUuids: readonly string[],
  options?: CallOptions,
): Promise<Map<string, Micros>> {
  const wanted = messageGroupUuids.map((uuid) => keys.readMarker(userUuid, uuid));
  return timesOf(await batchGet<ReadMarkerItem>(store, wanted, options));
}

function timesOf(items: readonly ReadMarkerItem[]): Map<string, Micros> {
  return new Map(items.map((item) => [item.sk, parseTime(item.read_up_to) ?? 0]));
}
