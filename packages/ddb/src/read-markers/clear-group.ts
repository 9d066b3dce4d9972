import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { MessageGroupState } from '../members/message-group-state.ts';
import { findNewestMessage } from '../messages/find-in-thread.ts';
import type { Conversation } from '../reach/request-writes.ts';
import type { WithClock } from '../table/clock.ts';
import { meetsCondition } from '../table/errors.ts';
import { keys } from '../table/keys.ts';
import type { TableRef } from '../table/table-ref.ts';
import { formatTime, type Micros, parseTime } from '../table/time.ts';
import { declineRequest } from './decline-request.ts';
import { readGroupState, updateGroupState } from './update-group-state.ts';

interface ClearGroupInput extends Conversation {
  /** Later messages stay. By default everything is cleared. */
  through?: Micros | undefined;
}

/**
 * Clears a conversation for one person: what it has now, or had at a time, is hidden from them. That costs the same few units for any
 * number of messages. It returns to the list with its next message, and is no longer pinned or marked unread. A request is declined,
 * which hides later messages too. The caller checks membership.
 */
export async function clearGroup(store: TableRef & WithClock, input: ClearGroupInput): Promise<MessageGroupState> {
  const { messageGroupUuid, userUuid, through } = input;
  const view = { messageGroupUuid, userUuid };
  const [state, newest] = await Promise.all([readGroupState(store, view), findNewestMessage(store, messageGroupUuid)]);
  if (state.isRequest) return declineRequest(store, input);
  const at = newest && parseTime(newest.sk);
  if (at === undefined) return state;
  // Not the time of the call, nor a later one: a message that is being written must not be lost.
  const cleared = through === undefined || through > at ? at : through;
  const update = new UpdateCommand({
    TableName: store.tableName,
    Key: { ...keys.readMarker(userUuid, messageGroupUuid) },
    UpdateExpression: 'SET cleared_through = :cleared REMOVE is_marked_unread',
    ConditionExpression: 'attribute_not_exists(cleared_through) OR cleared_through < :cleared',
    ExpressionAttributeValues: { ':cleared': formatTime(cleared) },
  });
  await meetsCondition(store.client.send(update, { abortSignal: store.signal }));
  return state.isPinned ? updateGroupState(store, view, { isPinned: false }) : readGroupState(store, view);
}
