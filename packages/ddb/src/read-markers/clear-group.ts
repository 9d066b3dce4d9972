import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { MessageGroupState } from '../members/message-group-state.ts';
import type { ReadMarkerAddress } from '../members/read-marker.ts';
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
  const address = { messageGroupUuid, userUuid };
  const [state, newest] = await Promise.all([
    readGroupState(store, address),
    findNewestMessage(store, messageGroupUuid),
  ]);
  if (state.isRequest) return declineRequest(store, input);
  const at = newest && parseTime(newest.sk);
  // Not the time of the call, nor a later one: a message that is being written must not be lost.
  if (at !== undefined) await clearThrough(store, address, through === undefined || through > at ? at : through);
  // Read again: it may have been pinned meanwhile, and would take one of the few places without being listed.
  const cleared = await readGroupState(store, address);
  return cleared.isPinned ? updateGroupState(store, address, { isPinned: false }) : cleared;
}

/** Never back: an earlier time changes nothing. */
async function clearThrough(table: TableRef, address: ReadMarkerAddress, time: Micros): Promise<void> {
  const update = new UpdateCommand({
    TableName: table.tableName,
    Key: { ...keys.readMarker(address.userUuid, address.messageGroupUuid) },
    UpdateExpression: 'SET cleared_through = :time REMOVE is_marked_unread',
    ConditionExpression: 'attribute_not_exists(cleared_through) OR cleared_through <= :time',
    ExpressionAttributeValues: { ':time': formatTime(time) },
  });
  await meetsCondition(table.client.send(update, { abortSignal: table.signal }));
}
