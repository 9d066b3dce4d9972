import { REACTIONS_MAX } from '@cruddur/config';
import { MessageStoreError } from '../table/errors.ts';
import type { TableRef } from '../table/table-ref.ts';
import type { MessageAddress } from './find-message.ts';
import { type Message, type MessageChange, type MessageItem, reactedAttribute } from './message.ts';
import { readMessage } from './read-messages.ts';
import { type MessageUpdate, updateMessage } from './update-message.ts';

/**
 * Sets or removes a person's reaction to a message: idempotent, one call and at most 2 write units for a message of 1 kB. The
 * caller checks membership and the emoji.
 *
 * @returns the message as it is now
 * @throws {MessageStoreError} `message_not_found`, `message_deleted`, `reaction_limit_reached`
 */
export async function reactToMessage(
  table: TableRef,
  input: MessageAddress & { userUuid: string; emoji: string; isOn: boolean },
): Promise<Message> {
  const { userUuid, emoji, isOn } = input;
  const isAsAsked = ({ reactions = [] }: MessageItem) =>
    reactions.some((each) => each.emoji === emoji && each.userUuids.includes(userUuid)) === isOn;
  const item = await updateMessage(table, input, reactionUpdate(input), (existing) => {
    if (existing.deleted_at !== undefined) throw new MessageStoreError('message_deleted');
    if (!isAsAsked(existing)) throw new MessageStoreError('reaction_limit_reached');
    return existing;
  });
  return readMessage(table, input.messageGroupUuid, item);
}

function reactionUpdate({ userUuid, emoji, isOn }: { userUuid: string; emoji: string; isOn: boolean }): MessageUpdate {
  const isNew = 'attribute_not_exists(#mine) OR (size(#mine) < :max AND NOT contains(#mine, :emoji))';
  return {
    condition: `attribute_not_exists(deleted_at) AND (${isOn ? isNew : 'contains(#mine, :emoji)'})`,
    UpdateExpression: isOn
      ? 'SET last_change = :change ADD version :one, #mine :set'
      : 'SET last_change = :change ADD version :one DELETE #mine :set',
    ExpressionAttributeNames: { '#mine': reactedAttribute(userUuid) },
    ExpressionAttributeValues: {
      ':change': 'reaction' satisfies MessageChange,
      ':one': 1,
      ':set': new Set([emoji]),
      ':emoji': emoji,
      ...(isOn && { ':max': REACTIONS_MAX }),
    },
  };
}
