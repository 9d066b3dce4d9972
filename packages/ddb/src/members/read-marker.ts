import * as z from 'zod/mini';
import { batchGet } from '../table/batch.ts';
import { setOrRemove } from '../table/expressions.ts';
import { keys, PINS, readMarkerOwnerOf } from '../table/keys.ts';
import { itemSchema } from '../table/parse-items.ts';
import { firstPage, getItem, inPartition, type QueryPage } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { formatTime, type Micros, micros, parseTime } from '../table/time.ts';
import { markerTime, stateShape } from './message-group-state.ts';
import { parseUnread, type StoredUnread } from './stored-unread.ts';

/** A person's read marker and state of a group, as stored. Every list reads it, so it is kept small. */
export const readMarkerSchema = itemSchema({
  pk: z.string(),
  /** The group. */
  sk: z.string(),
  /** The time of the newest message seen. Absent if none was. */
  read_up_to: z.optional(markerTime),
  /** What the other person sees instead of `read_up_to`; {@link SHOWN_NOTHING} if nothing. */
  shown_up_to: z.optional(z.string()),
  /** A {@link StoredUnread}, by {@link unreadOfMarker}: only if there were newer messages when it was set. */
  unread: z.optional(z.unknown()),
  ...stateShape,
  /** The time of the message that the owner's devices show a notification of. Absent if they show none of this group. */
  notified_through: z.optional(markerTime),
  /** Only in the item of pinned groups. */
  pinned: z.optional(z.custom<ReadonlySet<string>>((value) => value instanceof Set)),
});
export type ReadMarkerItem = z.output<typeof readMarkerSchema>;

/** The value of `shown_up_to` if the other person has seen no marker. */
export const SHOWN_NOTHING = '0';

export function readMarkerItem(userUuid: string, messageGroupUuid: string, at: Micros) {
  return { ...keys.readMarker(userUuid, messageGroupUuid), read_up_to: formatTime(at) };
}

/** What a person's marker shows of a group. */
export interface MarkedGroup {
  /** Time up to which nothing is unread: of the newest message seen, or of the newest that is cleared. */
  at: Micros | undefined;
  /** As in {@link readMarkerSchema}. */
  unread?: unknown;
  item: ReadMarkerItem;
}

/** A marker's unread count, unless the marker has moved since. */
export function unreadOfMarker({ at, unread }: Pick<MarkedGroup, 'at' | 'unread'>): StoredUnread | undefined {
  const stored = parseUnread(unread);
  return stored?.after === at ? stored : undefined;
}

/** Which marker: whose, and of which group. */
export interface ReadMarkerAddress {
  messageGroupUuid: string;
  userUuid: string;
}

/** A person's read marker and state of one group, strongly consistent: 1 read unit. */
export function getReadMarker(
  table: TableRef,
  { messageGroupUuid, userUuid }: ReadMarkerAddress,
): Promise<ReadMarkerItem | undefined> {
  return getItem(table, readMarkerSchema, keys.readMarker(userUuid, messageGroupUuid));
}

/** The part of a transaction that changes attributes of a marker. Those without a value are removed. */
export function updateReadMarker(
  { tableName: TableName }: TableRef,
  { messageGroupUuid, userUuid }: ReadMarkerAddress,
  attributes: Partial<Omit<ReadMarkerItem, 'pk' | 'sk'>>,
) {
  const Key = { ...keys.readMarker(userUuid, messageGroupUuid) };
  return { Update: { TableName, Key, ...setOrRemove(attributes) } };
}

export interface ReadMarkerPage extends QueryPage<ReadMarkerItem> {
  /** The groups that the person pinned. */
  pinned: ReadonlySet<string>;
}

/**
 * Queries the first read markers of a person, and what the person pinned, strongly consistent; `next` is the last group that was
 * reached.
 *
 * @param limit - by default as many as fit into one answer of 1 MB: some 8,500, for at most 256 read units
 */
export async function queryReadMarkers(
  table: TableRef,
  { userUuid, limit }: { userUuid: string; limit?: number },
): Promise<ReadMarkerPage> {
  const query = { ...inPartition(keys.readMarkers(userUuid)), ConsistentRead: true, Limit: limit };
  const page = await firstPage(table, readMarkerSchema, query);
  const pins = page.items[0]?.sk === PINS ? page.items[0] : undefined;
  return { ...page, items: pins ? page.items.slice(1) : page.items, pinned: pins?.pinned ?? new Set() };
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

export function markedGroup(item: ReadMarkerItem): MarkedGroup {
  const times = [item.read_up_to, item.cleared_through].flatMap((time) => parseTime(time ?? '') ?? []);
  return { at: times.length > 0 ? micros(Math.max(...times)) : undefined, unread: item.unread, item };
}
