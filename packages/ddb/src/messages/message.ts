import * as z from 'zod/mini';
import { namedIn, type Person, personOf, personShape } from '../members/person.ts';
import type { WithCursors } from '../table/cursor.ts';
import { keys } from '../table/keys.ts';
import { firstItem, getItem, listPage } from '../table/query-items.ts';
import type { CallOptions, TableRef } from '../table/table-ref.ts';
import { formatTime, isoOfSortKey, type Micros } from '../table/time.ts';

/** A message as the API returns it. */
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

/** A message as the table holds it. Names and shape are the origin's; the person is the sender. */
export const messageSchema = z.object({
  pk: z.string(),
  sk: z.string(),
  message_uuid: z.string(),
  message: z.string(),
  ...personShape,
});
export type MessageItem = z.output<typeof messageSchema>;

/** A message about to be written. */
export interface MessageDraft {
  /** The client's id: it becomes the message's uuid, and makes a retry safe. */
  uuid: string;
  sender: Person;
  text: string;
}

/** A page of a thread. */
export interface MessagePage {
  /** Oldest first. */
  items: Message[];
  /** Leads to the next older page; `null` on the page of the oldest message. */
  nextCursor: string | null;
}

/** The item of a new message. */
export function messageItem(
  messageGroupUuid: string,
  at: Micros,
  sender: Person,
  { uuid, text }: { uuid: string; text: string },
): MessageItem {
  return { ...keys.message(messageGroupUuid, at), message_uuid: uuid, message: text, ...namedIn(sender) };
}

/** An item as the API returns it. */
export function toMessage(messageGroupUuid: string, item: MessageItem): Message {
  const { uuid: userUuid, handle, displayName } = personOf(item);
  const { message_uuid: uuid, message } = item;
  return { uuid, messageGroupUuid, userUuid, handle, displayName, message, createdAt: isoOf(item.sk) };
}

/** A sort key's time for the API. One that is no time is returned as it is, so that its item is not hidden. */
export function isoOf(sk: string): string {
  return isoOfSortKey(sk) ?? sk;
}

/**
 * Pattern A: a page of a group's messages, the newest page first, then older ones by cursor, without end. One query,
 * eventually consistent. The caller checks membership.
 *
 * @throws {MessageStoreError} `cursor_invalid`
 */
export async function listMessages(
  store: TableRef & WithCursors,
  input: { messageGroupUuid: string; callerUuid: string; limit: number; cursor?: string | undefined },
  options?: CallOptions,
): Promise<MessagePage> {
  const { messageGroupUuid, callerUuid, limit, cursor } = input;
  const binding = ['messages', callerUuid, messageGroupUuid];
  const after = cursor === undefined ? undefined : store.cursors.open(binding, cursor).after;
  const page = { pk: keys.messages(messageGroupUuid), limit, after };
  const { items, next } = await listPage(store, messageSchema, page, options);
  return {
    items: items.reverse().map((item) => toMessage(messageGroupUuid, item)),
    nextCursor: next === undefined ? null : store.cursors.seal(binding, { after: next }),
  };
}

/** A message by its uuid, among those of a span of time; both ends are included. */
interface MessageSpan {
  messageGroupUuid: string;
  uuid: string;
  span: { from: Micros; to: Micros };
}

/** The query for a message by its uuid, strongly consistent. */
export function messageQuery({ messageGroupUuid, uuid, span }: MessageSpan) {
  return {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    FilterExpression: 'message_uuid = :uuid',
    ExpressionAttributeValues: {
      ':pk': keys.messages(messageGroupUuid),
      ':from': formatTime(span.from),
      ':to': formatTime(span.to),
      ':uuid': uuid,
    },
  };
}

/** Looks for a message by its uuid in the whole of a span of time. */
export function findMessage(
  table: TableRef,
  input: MessageSpan,
  options?: CallOptions,
): Promise<MessageItem | undefined> {
  return firstItem(table, messageSchema, messageQuery(input), options);
}

/**
 * The message of a group that was written at a time, by one strongly consistent read: for a notification too large to
 * carry its message. Finds our own messages, whose times have a fixed width, and not all of the origin's.
 */
export async function findMessageAt(
  table: TableRef,
  { messageGroupUuid, at }: { messageGroupUuid: string; at: Micros },
  options?: CallOptions,
): Promise<Message | undefined> {
  const item = await getItem(table, messageSchema, keys.message(messageGroupUuid, at), options);
  return item && toMessage(messageGroupUuid, item);
}
