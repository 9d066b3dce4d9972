import { batchGet } from '../table/batch.ts';
import { keys } from '../table/keys.ts';
import { getItem } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { isoOf, type Micros } from '../table/time.ts';
import { findMessage } from './find-message.ts';
import { type Message, type MessageItem, messageSchema, type Quote, toMessage, toQuote } from './message.ts';

type ReplyTo = NonNullable<MessageItem['reply_to']>;

/**
 * Turns items of one group into messages. Quotes are resolved here, one level, and never copied: they show what the table
 * has now. Targets among the items cost nothing; each other one costs half a read unit, or one if it is consistent.
 */
export async function readMessages(
  table: TableRef,
  messageGroupUuid: string,
  items: readonly MessageItem[],
  { isConsistent = true } = {},
): Promise<Message[]> {
  const known = new Map(items.map((item) => [item.sk, item]));
  const missing = new Set(items.flatMap(({ reply_to: target }) => (target && !known.has(target.sk) ? target.sk : [])));
  const wanted = [...missing].map((sk) => ({ pk: keys.messages(messageGroupUuid), sk }));
  for (const item of await batchGet(table, messageSchema, wanted, { isConsistent })) known.set(item.sk, item);
  const quote = (target: ReplyTo) => {
    const item = known.get(target.sk);
    return item?.message_uuid === target.message_uuid ? toQuote(item) : missingQuote(target);
  };
  return items.map((item) => toMessage(messageGroupUuid, item, item.reply_to ? quote(item.reply_to) : null));
}

/** Turns one item into a message, as {@link readMessages} does. */
export async function readMessage(table: TableRef, messageGroupUuid: string, item: MessageItem): Promise<Message> {
  const [message] = await readMessages(table, messageGroupUuid, [item]);
  return message as Message;
}

/** The quote of a message that an operator has removed from the table. */
function missingQuote({ message_uuid: uuid, sk }: ReplyTo): Quote {
  return { uuid, createdAt: isoOf(sk), userUuid: '', displayName: '', excerpt: '', isDeleted: true, version: 0 };
}

/**
 * The message of a group that was written at a time, by a strongly consistent read: for a notification too large to
 * carry its message. Without a uuid it finds our own messages, whose times have a fixed width, and not all of the origin's.
 */
export async function findMessageAt(
  table: TableRef,
  { messageGroupUuid, messageUuid, at }: { messageGroupUuid: string; messageUuid?: string | undefined; at: Micros },
): Promise<Message | undefined> {
  const item =
    messageUuid === undefined
      ? await getItem(table, messageSchema, keys.message(messageGroupUuid, at))
      : await findMessage(table, { messageGroupUuid, messageUuid, at });
  return item && readMessage(table, messageGroupUuid, item);
}
