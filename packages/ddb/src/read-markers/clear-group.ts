import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { MessageGroupState } from '../members/message-group-state.ts';
import { findNewestMessage } from '../messages/find-in-thread.ts';
import type { Conversation } from '../reach/request-writes.ts';
import type { WithClock } from '../table/clock.ts';
import { meetsCondition } from '../table/errors.ts';
import { keys } from '../table/keys.ts';
import type { TableRef } from '../table/table-ref.ts';
import { formatTime, parseTime } from '../table/time.ts';
import { declineRequest } from './decline-request.ts';
import { readGroupState, updateGroupState } from './update-group-state.ts';

/**
 * Clears a conversation for one person: what it has now is hidden from them. That costs the same few units for any number of
 * messages. It returns to the list with its next message, and is no longer pinned or marked unread. A request is declined. The caller checks membership.
 */
export async function clearGroup(store: TableRef & WithClock, conversation: Conversation): Promise<MessageGroupState> {
  const { messageGroupUuid, userUuid } = conversation;
  const view = { messageGroupUuid, userUuid };
  const [state, newest] = await Promise.all([readGroupState(store, view), findNewestMessage(store, messageGroupUuid)]);
  if (state.isRequest) return declineRequest(store, conversation);
  const at = newest && parseTime(newest.sk);
  if (at === undefined) return state;
  const update = new UpdateCommand({
    TableName: store.tableName,
    Key: { ...keys.readMarker(userUuid, messageGroupUuid) },
    // Not the time of the call: a message that is being written must not be lost.
    UpdateExpression: 'SET cleared_through = :at REMOVE is_marked_unread',
    ConditionExpression: 'attribute_not_exists(cleared_through) OR cleared_through < :at',
    ExpressionAttributeValues: { ':at': formatTime(at) },
  });
  await meetsCondition(store.client.send(update, { abortSignal: store.signal }));
  return state.isPinned ? updateGroupState(store, view, { isPinned: false }) : readGroupState(store, view);
}
