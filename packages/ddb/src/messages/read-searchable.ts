import type { IndexedClear, IndexedMessage } from '@cruddur/config';
import * as z from 'zod/mini';
import { findMemberUuids } from '../members/members.ts';
import { batchGet } from '../table/batch.ts';
import { MalformedItemError } from '../table/errors.ts';
import { type Key, keys } from '../table/keys.ts';
import { type Item, itemSchema } from '../table/parse-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { toSearchableClear, toSearchableMessage, withRecipient } from './searchable.ts';

/** What the table has at the address of an index's row. */
export type Searchable<Entity> = { is: 'there'; entity: Entity } | { is: 'absent' } | { is: 'malformed' };

const anyItem = itemSchema({ pk: z.string(), sk: z.string() }, z.unknown());

/** Reads messages for the search index by their addresses, in the same order; strongly consistent, a hundred a call. */
export async function readSearchableMessages(
  table: TableRef,
  addresses: readonly Pick<IndexedMessage, 'messageGroupUuid' | 'messageUuid' | 'sortKey'>[],
): Promise<Searchable<IndexedMessage>[]> {
  const keyOf = (address: (typeof addresses)[number]): Key => ({
    pk: keys.messages(address.messageGroupUuid),
    sk: address.sortKey,
  });
  const items = await readItems(table, addresses.map(keyOf));
  const messages = await toSearchableMessages(table, [...items.values()]);
  const found = new Map(messages.map((message) => [idOf(keyOf(message)), message]));
  return addresses.map((address) => {
    const id = idOf(keyOf(address));
    const item = items.get(id);
    // Another message has its place.
    if (item?.message_uuid !== address.messageUuid) return { is: 'absent' };
    const entity = found.get(id);
    return entity ? { is: 'there', entity } : { is: 'malformed' };
  });
}

/** Reads what people have cleared, in the same order; strongly consistent, a hundred a call. */
export async function readSearchableClears(
  table: TableRef,
  ids: readonly Pick<IndexedClear, 'userUuid' | 'messageGroupUuid'>[],
): Promise<Searchable<IndexedClear>[]> {
  const keyOf = (id: (typeof ids)[number]) => keys.readMarker(id.userUuid, id.messageGroupUuid);
  const items = await readItems(table, ids.map(keyOf));
  const clears = toSearchableClears(table, [...items.values()]);
  const found = new Map(clears.map((clear) => [idOf(keyOf(clear)), clear]));
  return ids.map((each) => {
    const id = idOf(keyOf(each));
    if (items.get(id)?.cleared_through === undefined) return { is: 'absent' };
    const entity = found.get(id);
    return entity ? { is: 'there', entity } : { is: 'malformed' };
  });
}

/** Reads messages' items for the search index. Reports those that cannot be indexed, and leaves them out. */
export async function toSearchableMessages(table: TableRef, items: readonly Item[]): Promise<IndexedMessage[]> {
  const messages = readEach(table, items, toSearchableMessage);
  const members = await findMemberUuids(table, [...new Set(messages.map((message) => message.messageGroupUuid))]);
  return readEach(table, messages, (message) => withRecipient(message, members.get(message.messageGroupUuid)));
}

/** The same for read markers; those that have cleared nothing are left out, too. */
export function toSearchableClears(table: TableRef, items: readonly Item[]): IndexedClear[] {
  return readEach(table, items, toSearchableClear);
}

function readEach<Input, Entity>(
  { onMalformedItem }: TableRef,
  all: readonly Input[],
  read: (each: Input) => Entity | undefined,
): Entity[] {
  return all.flatMap((each) => {
    try {
      return read(each) ?? [];
    } catch (error) {
      if (!(error instanceof MalformedItemError) || !onMalformedItem) throw error;
      onMalformedItem(error);
      return [];
    }
  });
}

async function readItems(table: TableRef, wanted: readonly Key[]): Promise<Map<string, Item>> {
  const unique = new Map(wanted.map((key) => [idOf(key), key]));
  const items: Item[] = await batchGet(table, anyItem, [...unique.values()]);
  return new Map(items.map((item) => [idOf(item as unknown as Key), item]));
}

const idOf = ({ pk, sk }: Key) => `${pk} ${sk}`;
