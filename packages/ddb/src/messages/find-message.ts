import { MessageStoreError } from '../table/errors.ts';
import { keys } from '../table/keys.ts';
import { firstPage, getItem } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { clampTime, type Micros, parseTime } from '../table/time.ts';
import { type MessageItem, messageQuery, messageSchema, spanQuery } from './message.ts';

/** Names one message of a group: its key is its time. */
export interface MessageAddress {
  messageGroupUuid: string;
  messageUuid: string;
  at: Micros;
}

/** Largest offset of a sort key from UTC. */
const OFFSET_MICROS = 14 * 60 * 60 * 1_000_000;
/** Messages that are looked at for one whose sort key the origin wrote in another form. */
const SEARCHED = 1000;

/** Finds a message by its address; strongly consistent, one call for a message of ours. */
export async function findMessage(table: TableRef, address: MessageAddress): Promise<MessageItem | undefined> {
  const { messageGroupUuid, messageUuid, at } = address;
  const item = await getItem(table, messageSchema, keys.message(messageGroupUuid, at));
  return item?.message_uuid === messageUuid ? item : findOriginMessage(table, address);
}

/** Finds the origin's message of a time. Its sort key has fewer digits, another offset or none. */
export async function findOriginMessage(
  table: TableRef,
  { messageGroupUuid, messageUuid, at }: Omit<MessageAddress, 'messageUuid'> & { messageUuid?: string | undefined },
): Promise<MessageItem | undefined> {
  const span = { from: clampTime(at - OFFSET_MICROS), to: clampTime(at + OFFSET_MICROS) };
  const query =
    messageUuid === undefined ? spanQuery(messageGroupUuid, span) : messageQuery(messageGroupUuid, messageUuid, span);
  const { items } = await firstPage(table, messageSchema, { ...query, Limit: SEARCHED });
  return items.find(({ sk }) => parseTime(sk) === at);
}

/** @throws {MessageStoreError} `message_not_found` */
export async function requireMessage(table: TableRef, address: MessageAddress): Promise<MessageItem> {
  const item = await findMessage(table, address);
  if (!item) throw new MessageStoreError('message_not_found');
  return item;
}
