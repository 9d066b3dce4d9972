import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type Person, personOf } from '../members/person.ts';
import type { WithCursors } from '../table/cursor.ts';
import { keys } from '../table/keys.ts';
import { firstItem } from '../table/query-items.ts';
import { type CallOptions, httpOptions, type TableRef } from '../table/table-ref.ts';
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

/** A message as the table holds it; names and shape are the origin's. */
export interface MessageItem {
  pk: string;
  sk: string;
  message_uuid: string;
  message: string;
  user_uuid: string;
  user_handle: string;
  user_display_name: string;
}

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
  /** Leads to the next older page; `null` where this page holds the oldest message. */
  nextCursor: string | null;
}

/** The item of a new message. */
export function messageItem(
  messageGroupUuid: string,
  at: Micros,
  sender: Person,
  { uuid, text }: { uuid: string; text: string },
): MessageItem {
  return {
    ...keys.message(messageGroupUuid, at),
    message_uuid: uuid,
    message: text,
    user_uuid: sender.uuid,
    user_handle: sender.handle,
    user_display_name: sender.displayName,
  };
}

/** Reads an item of the table as a message. */
export function toMessage(messageGroupUuid: string, item: MessageItem): Message {
  const { uuid: userUuid, handle, displayName } = personOf(item);
  return {
    uuid: item.message_uuid,
    messageGroupUuid,
    userUuid,
    handle,
    displayName,
    message: item.message,
    createdAt: isoOf(item.sk),
  };
}

/** A sort key's time for the API; one that is not a time is returned as it is, so that its item is not hidden. */
export function isoOf(sk: string): string {
  return isoOfSortKey(sk) ?? sk;
}

/**
 * Pattern A: a page of a group's messages, the newest first page, then older ones by cursor, without end.
 *
 * One query, eventually consistent. Whether the caller may read the group is the caller's to check.
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
  const pk = keys.messages(messageGroupUuid);
  const after = cursor === undefined ? undefined : store.cursors.open(binding, cursor).after;
  const { Items = [] } = await store.client.send(
    new QueryCommand({
      TableName: store.tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
      ScanIndexForward: false,
      // One more than the page tells whether an older one follows.
      Limit: limit + 1,
      ...(after === undefined ? {} : { ExclusiveStartKey: { pk, sk: after } }),
    }),
    httpOptions(options),
  );
  const page = (Items as MessageItem[]).slice(0, limit);
  const oldest = page.at(-1);
  return {
    items: page.reverse().map((item) => toMessage(messageGroupUuid, item)),
    nextCursor: Items.length > limit && oldest ? store.cursors.seal(binding, { after: oldest.sk }) : null,
  };
}

/** Where a message is looked for. */
interface MessageSpan {
  messageGroupUuid: string;
  uuid: string;
  /** Both ends are inside. */
  span: { from: Micros; to: Micros };
}

/** The query for a message by its uuid among those of a span of time, strongly consistent. */
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
  store: TableRef,
  input: MessageSpan,
  options?: CallOptions,
): Promise<MessageItem | undefined> {
  return firstItem<MessageItem>(store, messageQuery(input), options);
}

/**
 * The message of a group that was written at a time, by one strongly consistent read: for what knows a message by its
 * place alone, such as a notification too large to carry it. Our own messages have times of a fixed width; one that the
 * origin wrote in another shape is not found.
 */
export async function findMessageAt(
  store: TableRef,
  input: { messageGroupUuid: string; at: Micros },
  options?: CallOptions,
): Promise<Message | undefined> {
  const Key = keys.message(input.messageGroupUuid, input.at);
  const { Item } = await store.client.send(
    new GetCommand({ TableName: store.tableName, Key, ConsistentRead: true }),
    httpOptions(options),
  );
  return Item && toMessage(input.messageGroupUuid, Item as MessageItem);
}
