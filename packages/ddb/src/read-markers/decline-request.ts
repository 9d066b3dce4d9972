import type { MessageGroupState } from '../members/message-group-state.ts';
import { updateReadMarker } from '../members/read-marker.ts';
import { findNewestMessage } from '../messages/find-in-thread.ts';
import { readGate } from '../reach/gate.ts';
import { type Conversation, deleteRequest, replaceRequest } from '../reach/request-writes.ts';
import type { WithClock } from '../table/clock.ts';
import { retryOnConflict } from '../table/retry.ts';
import type { TableRef } from '../table/table-ref.ts';
import { EPOCH, formatTime, parseTime } from '../table/time.ts';
import { writeAsRead } from '../table/transaction.ts';
import { readGroupState, updateGroupState } from './update-group-state.ts';

/**
 * Declines a request to the person: it is hidden with its messages, and its sender sees no difference. What the sender writes within
 * a week of the request stays hidden too; what they write later is a new request. Idempotent; without a request, nothing changes.
 */
export async function declineRequest(
  store: TableRef & WithClock,
  conversation: Conversation,
): Promise<MessageGroupState> {
  const isDeclined = await retryOnConflict(() => declineOnce(store, conversation), store);
  const state = await readGroupState(store, conversation);
  return isDeclined && state.isPinned ? updateGroupState(store, conversation, { isPinned: false }) : state;
}

/** @returns whether there is a request, which is now declined */
async function declineOnce(table: TableRef, conversation: Conversation): Promise<boolean> {
  const { messageGroupUuid, userUuid, otherUuid } = conversation;
  const [gate, newest] = await Promise.all([
    readGate(table, userUuid, otherUuid),
    findNewestMessage(table, messageGroupUuid),
  ]);
  const request = gate?.request;
  if (request?.to !== userUuid) return false;
  if (request.is_declined) return true;
  await writeAsRead(table, [
    replaceRequest(table, conversation, request, { ...request, is_declined: true }),
    updateReadMarker(
      table,
      { userUuid, messageGroupUuid },
      {
        request: 'declined',
        cleared_through: formatTime(parseTime(newest?.sk ?? '') ?? EPOCH),
        is_marked_unread: undefined,
      },
    ),
    deleteRequest(table, request, messageGroupUuid),
  ]);
  return true;
}
