import { excerptOf } from '@cruddur/config';
import * as z from 'zod/mini';
import { namedIn, type Person, personOf, personShape } from '../members/person.ts';
import { keys } from '../table/keys.ts';
import { type Item, itemSchema } from '../table/parse-items.ts';
import { inPartition } from '../table/query-items.ts';
import { formatTime, isoOf, type Micros } from '../table/time.ts';

/** An emoji and the people who reacted with it. */
export interface Reaction {
  emoji: string;
  userUuids: string[];
}

/** The message that another one replies to, as it is now. */
export interface Quote {
  uuid: string;
  /** ISO 8601 in UTC, microseconds. */
  createdAt: string;
  /** The sender; empty if the message is gone from the table. */
  userUuid: string;
  displayName: string;
  /** The beginning of the text; empty if it was deleted. */
  excerpt: string;
  isDeleted: boolean;
  /** The target's {@link Message.version}. */
  version: number;
}

/** Times are ISO 8601 in UTC, microseconds. */
export interface Message {
  uuid: string;
  messageGroupUuid: string;
  userUuid: string;
  handle: string;
  displayName: string;
  /** Empty if it was deleted. */
  message: string;
  createdAt: string;
  replyTo: Quote | null;
  /** In a fixed order. */
  reactions: Reaction[];
  editedAt: string | null;
  deletedAt: string | null;
  /** How often it was edited. */
  revision: number;
  /** How often it was changed: edits, reactions, deletion. Of two copies, the one with the higher version is newer. */
  version: number;
}

/** What a change was. The filter of the stream passes edits and deletions to the Lambda. */
export type MessageChange = 'edit' | 'deletion' | 'reaction';

const shape = {
  pk: z.string(),
  sk: z.string(),
  message_uuid: z.string(),
  message: z.string(),
  ...personShape,
  /** The message that it replies to, in the same group. */
  reply_to: z.optional(z.object({ message_uuid: z.string(), sk: z.string() })),
  // Absent until the first change.
  version: z.optional(z.number()),
  last_change: z.optional(z.string()),
  revision: z.optional(z.number()),
  edited_at: z.optional(z.string()),
  deleted_at: z.optional(z.string()),
  /** Read from the attributes of {@link reactedAttribute}. */
  reactions: z.optional(z.custom<Reaction[]>()),
};

/** A message as stored. The origin's attributes have its names; the person is the sender. */
export const messageSchema = z.pipe(z.transform(withReactions), itemSchema(shape));
export type MessageItem = z.output<typeof messageSchema>;

const REACTED = 'reacted_';

/** The attribute with a person's emoji: a string set for each person makes reactions idempotent without a read. */
export const reactedAttribute = (userUuid: string): string => REACTED + userUuid;

function withReactions(item: unknown): unknown {
  // Most messages were never changed.
  if ((item as Item).version === undefined) return item;
  const people = new Map<string, string[]>();
  for (const [name, emoji] of Object.entries(item as Item)) {
    if (!name.startsWith(REACTED) || !(emoji instanceof Set)) continue;
    for (const each of emoji) people.set(each, [...(people.get(each) ?? []), name.slice(REACTED.length)]);
  }
  const reactions = [...people].map(([emoji, userUuids]): Reaction => ({ emoji, userUuids: userUuids.sort() }));
  return { ...(item as Item), reactions: reactions.sort((a, b) => (a.emoji < b.emoji ? -1 : 1)) };
}

export interface MessageDraft {
  /** The client's id, which becomes the message's uuid and makes retries safe. */
  uuid: string;
  sender: Person;
  text: string;
  /** The message of the same group that it replies to. */
  replyTo?: { messageUuid: string; at: Micros } | undefined;
}

/** @param message.target - the message that it replies to */
export function messageItem(
  messageGroupUuid: string,
  at: Micros,
  sender: Person,
  { uuid, text, target }: { uuid: string; text: string; target?: MessageItem | undefined },
): MessageItem {
  return {
    ...keys.message(messageGroupUuid, at),
    message_uuid: uuid,
    message: text,
    ...namedIn(sender),
    ...(target && { reply_to: { message_uuid: target.message_uuid, sk: target.sk } }),
  };
}

/** @param replyTo - the message that it replies to, or null */
export function toMessage(messageGroupUuid: string, item: MessageItem, replyTo: Quote | null): Message {
  const { uuid: userUuid, handle, displayName } = personOf(item);
  const { message_uuid: uuid, message, edited_at, deleted_at, reactions = [], revision = 0, version = 0 } = item;
  return {
    uuid,
    messageGroupUuid,
    userUuid,
    handle,
    displayName,
    message,
    createdAt: isoOf(item.sk),
    replyTo,
    reactions,
    editedAt: edited_at === undefined ? null : isoOf(edited_at),
    deletedAt: deleted_at === undefined ? null : isoOf(deleted_at),
    revision,
    version,
  };
}

/** The quote that replies to a message show. */
export function toQuote(item: MessageItem): Quote {
  const { uuid: userUuid, displayName } = personOf(item);
  return {
    uuid: item.message_uuid,
    createdAt: isoOf(item.sk),
    userUuid,
    displayName,
    excerpt: excerptOf(item.message),
    isDeleted: item.deleted_at !== undefined,
    version: item.version ?? 0,
  };
}

/** The query for the messages of a span of time, both ends included; strongly consistent. */
export function spanQuery(messageGroupUuid: string, { from, to }: { from: Micros; to: Micros }) {
  const span = { ':from': formatTime(from), ':to': formatTime(to) };
  return { ...inPartition(keys.messages(messageGroupUuid), 'sk BETWEEN :from AND :to', span), ConsistentRead: true };
}

/** The same, for the message with a uuid. */
export function messageQuery(messageGroupUuid: string, uuid: string, span: { from: Micros; to: Micros }) {
  const { ExpressionAttributeValues, ...query } = spanQuery(messageGroupUuid, span);
  return {
    ...query,
    ExpressionAttributeValues: { ...ExpressionAttributeValues, ':uuid': uuid },
    FilterExpression: 'message_uuid = :uuid',
  };
}
