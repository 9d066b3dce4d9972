import type { WithClock } from '../table/clock.ts';
import { MessageStoreError } from '../table/errors.ts';
import type { TableRef } from '../table/table-ref.ts';
import { formatTime } from '../table/time.ts';
import type { MessageAddress } from './find-message.ts';
import { type Message, type MessageChange, reactedAttribute } from './message.ts';
import { eraseVersions } from './message-version.ts';
import { readMessage } from './read-messages.ts';
import { updateMessage } from './update-message.ts';

/**
 * Deletes a person's own message for both members. A tombstone keeps its key, uuid and sender, so that a retry of the original
 * `create` finds it; text, reactions and earlier versions are erased. Idempotent: 1 write unit for a message of 1 kB, and 1
 * for each earlier version. If the process ends in between, the stream's Lambda erases the versions. The caller checks
 * membership.
 *
 * @param input.memberUuids - both members, whose reactions are erased
 * @returns the tombstone
 * @throws {MessageStoreError} `message_not_found`, `not_your_message`
 */
export async function deleteMessage(
  store: TableRef & WithClock,
  input: MessageAddress & { userUuid: string; memberUuids: readonly [string, string] },
): Promise<Message> {
  const { messageGroupUuid, messageUuid, userUuid, memberUuids } = input;
  const update = {
    condition: 'user_uuid = :user AND attribute_not_exists(deleted_at)',
    UpdateExpression:
      'SET message = :empty, deleted_at = :now, last_change = :change REMOVE edited_at, reply_to, #one, #other ADD version :increment',
    ExpressionAttributeNames: { '#one': reactedAttribute(memberUuids[0]), '#other': reactedAttribute(memberUuids[1]) },
    ExpressionAttributeValues: {
      ':user': userUuid,
      ':empty': '',
      ':now': formatTime(store.clock()),
      ':change': 'deletion' satisfies MessageChange,
      ':increment': 1,
    },
  };
  const item = await updateMessage(store, input, update, (existing) => {
    if (existing.user_uuid !== userUuid) throw new MessageStoreError('not_your_message');
    return existing;
  });
  // Also if it had been deleted before: that attempt may have ended here.
  if (item.revision) await eraseVersions(store, messageGroupUuid, messageUuid);
  return readMessage(store, messageGroupUuid, item);
}
