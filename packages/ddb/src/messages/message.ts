import * as z from 'zod/mini';
import { namedIn, type Person, personOf, personShape } from '../members/person.ts';
import type { WithCursors } from '../table/cursor.ts';
import { keys } from '../table/keys.ts';
import { itemSchema } from '../table/parse-items.ts';
import { getItem, inPartition, listPage } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { formatTime, isoOf, type Micros } from '../table/time.ts';

export interface Message {
  uuid: string;
  messageGroupUuid: string;
  userUuid: string;
  handle: string;
  displayName: string;
  message: string;
  /** ISO 8601 in UTC, microseconds. */
  createdAt: string;
}

/** A message as stored. The attribute names are the origin's; the person is the sender. */
export const messageSchema = itemSchema({
  pk: z.string(),
  sk: z.string(),
  message_uuid: z.string(),
  message: z.string(),
  ...personShape,
});
export type MessageItem = z.output<typeof messageSchema>;

export interface MessageDraft {
  /** The client's id, which becomes the message's uuid and makes retries safe. */
  uuid: string;
  sender: Person;
  text: string;
}

export function messageItem(
  messageGroupUuid: string,
  at: Micros,
  sender: Person,
  { uuid, text }: { uuid: string; text: string },
): MessageItem {
  return { ...keys.message(messageGroupUuid, at), message_uuid: uuid, message: text, ...namedIn(sender) };
}

export function toMessage(messageGroupUuid: string, item: MessageItem): Message {
  const { uuid: userUuid, handle, displayName } = personOf(item);
  const { message_uuid: uuid, message } = item;
  return { uuid, messageGroupUuid, userUuid, handle, displayName, message, createdAt: isoOf(item.sk) };
}

/**
 * Pattern A: a page of a group's messages, the newest page first, then older ones by cursor, without end. One query,
 * eventually consistent. The caller checks membership.
 *
 * @returns oldest first; `nextCursor` is `null` on the page of the oldest message
 * @throws {MessageStoreError} `cursor_invalid`
 */
export async function listMessages(
  store: TableRef & WithCursors,
  input: { messageGroupUuid: string; callerUuid: string; limit: number; cursor?: string | undefined },
) {
  const { messageGroupUuid, callerUuid, limit, cursor } = input;
  const binding = ['messages', callerUuid, messageGroupUuid];
  const after = cursor === undefined ? undefined : store.cursors.open(binding, cursor).after;
  const page = { pk: keys.messages(messageGroupUuid), limit, after };
  const { items, next } = await listPage(store, messageSchema, page);
  return {
    items: items.reverse().map((item) => toMessage(messageGroupUuid, item)),
    nextCursor: next === undefined ? null : store.cursors.seal(binding, { after: next }),
  };
}

/** The query for a message by its uuid in a span of time, both ends included; strongly consistent. */
export function messageQuery(messageGroupUuid: string, uuid: string, span: { from: Micros; to: Micros }) {
  return {
    ...inPartition(keys.messages(messageGroupUuid), 'sk BETWEEN :from AND :to', {
      ':from': formatTime(span.from),
      ':to': formatTime(span.to),
      ':uuid': uuid,
    }),
    FilterExpression: 'message_uuid = :uuid',
    ConsistentRead: true,
  };
}

/**
 * The message of a group that was written at a time, by one strongly consistent read: for a notification too large to
 * carry its message. Finds our own messages, whose times have a fixed width, and not all of the origin's.
 */
export async function findMessageAt(
  table: TableRef,
  { messageGroupUuid, at }: { messageGroupUuid: string; at: Micros },
): Promise<Message | undefined> {
  const item = await getItem(table, messageSchema, keys.message(messageGroupUuid, at));
  return item && toMessage(messageGroupUuid, item);
}
