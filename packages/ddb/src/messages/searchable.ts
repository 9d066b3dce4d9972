import { type IndexedClear, type IndexedMessage, isUuid } from '@cruddur/config';
import { hasLink } from '@cruddur/config/has-link';
import * as z from 'zod/mini';
import type { MemberUuids } from '../members/members.ts';
import { markerTime } from '../members/message-group-state.ts';
import { MalformedItemError } from '../table/errors.ts';
import { keys, messageGroupUuidOf, readMarkerOwnerOf } from '../table/keys.ts';
import { type Item, type ItemSchema, itemSchema } from '../table/parse-items.ts';
import { EPOCH, parseTime } from '../table/time.ts';

// In lower case: PostgreSQL returns no other, and an address with other letters would not be found in the table.
const uuid = z.string().check(z.refine(isUuid, 'is not a uuid'));

const messageSchema = itemSchema({
  pk: z.string().check(z.refine((pk) => isUuid(messageGroupUuidOf(pk) ?? ''), 'names no group')),
  sk: markerTime,
  message_uuid: uuid,
  message: z.string(),
  user_uuid: uuid,
  version: z._default(z.int32(), 0),
  deleted_at: z.optional(z.string()),
});

const clearSchema = itemSchema({
  pk: z.string().check(z.refine((pk) => isUuid(readMarkerOwnerOf(pk) ?? ''), 'names no person')),
  sk: uuid,
  cleared_through: markerTime,
});

/**
 * Reads a message's item for the search index, also one that the origin wrote.
 *
 * @throws {MalformedItemError} if an attribute is missing or invalid, or an id is not a uuid
 */
export function toSearchableMessage(item: Item): Omit<IndexedMessage, 'recipientUuid'> {
  const message = parse(messageSchema, item);
  const text = message.deleted_at === undefined ? message.message : '';
  return {
    messageUuid: message.message_uuid,
    messageGroupUuid: messageGroupUuidOf(message.pk) ?? '',
    senderUuid: message.user_uuid,
    sortKey: message.sk,
    sentAt: parseTime(message.sk) ?? EPOCH,
    version: message.version,
    text,
    hasLink: hasLink(text),
  };
}

/**
 * Adds the recipient.
 *
 * @param members - those of the message's group; `undefined` if it has none
 * @throws {MalformedItemError} if the sender is not a member, or the recipient's id is not a uuid
 */
export function withRecipient(
  message: Omit<IndexedMessage, 'recipientUuid'>,
  members: MemberUuids | undefined,
): IndexedMessage {
  const [recipientUuid, ...others] = members?.filter((each) => each !== message.senderUuid) ?? [];
  if (recipientUuid !== undefined && others.length === 0 && isUuid(recipientUuid)) return { ...message, recipientUuid };
  const problem = members ? "is not a member, or the other member's id is not a uuid" : 'the group has no members';
  const key = { pk: keys.messages(message.messageGroupUuid), sk: message.sortKey };
  throw new MalformedItemError(key, { issues: [{ path: ['user_uuid'], message: problem }] });
}

/**
 * Reads what a read marker says about clearing for the search index. `undefined`: nothing was cleared.
 *
 * @throws {MalformedItemError} if an attribute is invalid, or an id is not a uuid
 */
export function toSearchableClear(item: Item): IndexedClear | undefined {
  if (item.cleared_through === undefined) return undefined;
  const { pk, sk, cleared_through: through } = parse(clearSchema, item);
  return {
    userUuid: readMarkerOwnerOf(pk) ?? '',
    messageGroupUuid: sk,
    clearedThrough: parseTime(through) ?? EPOCH,
  };
}

function parse<Entity>(schema: ItemSchema<Entity>, item: Item): Entity {
  const { data, error } = z.safeParse(schema, item);
  if (error) throw new MalformedItemError(item, error);
  return data;
}
