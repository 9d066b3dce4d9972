import { randomUUID } from 'node:crypto';
import { person } from '../../../tests/support/messages.ts';
import {
  EPOCH,
  formatTime,
  keys,
  listMessageGroups,
  type MessageGroup,
  type MessageGroupFilter,
  type MessageStore,
  type Micros,
  type Person,
  type ReadMarkerItem,
} from '../src/index.ts';
import { messageGroupRow } from '../src/members/message-group-row.ts';
import { markedGroup } from '../src/members/read-marker.ts';
import { batchDelete, batchPut } from '../src/table/batch.ts';

/** The attributes of a person's marker. */
export type MarkerAttributes = Omit<ReadMarkerItem, 'pk' | 'sk'>;

/** A person's conversation, as a test puts it into the table. */
export interface ListedGroup {
  uuid: string;
  other: Person;
  at: Micros;
  /** Without any, there is no marker. */
  marker: MarkerAttributes;
}

export function listedGroup(at: Micros, marker: MarkerAttributes = {}): ListedGroup {
  return { uuid: randomUUID(), other: person(), at, marker };
}

/** In microseconds. */
export const SECOND = 1_000_000;
export const DAY = 86_400 * SECOND;

/** Neither a request, nor cleared. */
export const isListed = ({ at, marker }: ListedGroup) =>
  marker.request === undefined && (marker.cleared_through ?? '') < formatTime(at);
export const isUnread = ({ at, marker }: ListedGroup) =>
  marker.is_marked_unread === true || (marker.read_up_to ?? '') < formatTime(at);
export const isPinned = ({ marker }: ListedGroup) => marker.is_pinned === true;

/** The row, with one unread message of the other person, and the marker. */
export function itemsOfGroup(owner: Person, { uuid, other, at, marker }: ListedGroup): object[] {
  const after = markedGroup({ ...keys.readMarker(owner.uuid, uuid), ...marker }).at ?? EPOCH;
  const unread = { count: 1, after, through: at };
  const row = messageGroupRow(owner.uuid, other, {
    uuid,
    at,
    message: 'x'.repeat(400),
    senderUuid: other.uuid,
    unread,
  });
  if (Object.keys(marker).length === 0) return [row];
  const request = { ...keys.request(owner.uuid, at, uuid), group_uuid: uuid };
  const items = [row, { ...keys.readMarker(owner.uuid, uuid), ...marker }];
  return marker.request === 'pending' ? [...items, request] : items;
}

/** Puts a person's conversations into the table, and which are pinned. */
export async function putListedGroups(store: MessageStore, owner: Person, groups: readonly ListedGroup[]) {
  await batchPut(
    store,
    groups.flatMap((group) => itemsOfGroup(owner, group)),
  );
  await putPins(store, owner, groups);
}

/** Puts the item of a person's pinned groups, if there are any: DynamoDB has no empty sets. */
export async function putPins(store: MessageStore, owner: Person, groups: readonly ListedGroup[]) {
  const pinned = new Set(groups.filter(isPinned).map(({ uuid }) => uuid));
  const key = keys.pins(owner.uuid);
  await (pinned.size > 0 ? batchPut(store, [{ ...key, pinned }]) : batchDelete(store, [key]));
}

/** What a person's marker has who has read or cleared everything up to a time. */
export const readUpTo = (at: Micros) => ({ read_up_to: formatTime(at) });
export const clearedThrough = (at: Micros) => ({ cleared_through: formatTime(at) });

/** Every page of a list, to its end. */
export async function pagesOf(
  store: MessageStore,
  input: { userUuid: string; limit: number; filter?: MessageGroupFilter },
  between: () => Promise<unknown> = async () => {},
): Promise<MessageGroup[][]> {
  const pages: MessageGroup[][] = [];
  for (let cursor: string | undefined; ; ) {
    const { items, nextCursor } = await listMessageGroups(store, { ...input, cursor });
    pages.push(items);
    if (nextCursor === null) return pages;
    cursor = nextCursor;
    await between();
  }
}
