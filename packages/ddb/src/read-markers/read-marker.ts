import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { findMessageAt, isoOf } from '../messages/message.ts';
import { batchGet } from '../table/batch-get.ts';
import type { WithClock } from '../table/clock.ts';
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
  store: TableRef & WithClock,
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
  store: TableRef & WithClock,
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

/** The first read markers of a person. */
export interface ReadMarkers {
  /** Read up to when, by group. */
  times: Map<string, Micros>;
  /** The last group that the query reached; `undefined` if it reached the end. */
  through: string | undefined;
}

/**
 * Reads the first markers of a person, strongly consistent.
 *
 * @param limit - `undefined` for as many as fit into one answer of 1 MB: some 8,500, for at most 256 read units
 */
export async function queryReadMarkers(
  store: TableRef,
  { userUuid, limit }: { userUuid: string; limit: number | undefined },
  options?: CallOptions,
): Promise<ReadMarkers> {
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
 * Reads up to when a person has read some groups: what a query of the first markers did not reach, by key, for 1 unit each.
 *
 * @param input.first - what such a query returned; by default all are read by key
 */
export async function readTimesOf(
  store: TableRef,
  input: { userUuid: string; messageGroupUuids: readonly string[]; first?: ReadMarkers },
  options?: CallOptions,
): Promise<Map<string, Micros>> {
  const { userUuid, messageGroupUuids, first } = input;
  const { times, through } = first ?? { times: [], through: '' };
  const missing = through === undefined ? [] : messageGroupUuids.filter((uuid) => uuid > through);
  const wanted = missing.map((uuid) => keys.readMarker(userUuid, uuid));
  return new Map([...times, ...timesOf(await batchGet<ReadMarkerItem>(store, wanted, options))]);
}

function timesOf(items: readonly ReadMarkerItem[]): Map<string, Micros> {
  return new Map(items.map((item) => [item.sk, parseTime(item.read_up_to) ?? 0]));
}
