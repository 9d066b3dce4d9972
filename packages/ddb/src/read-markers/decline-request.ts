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
import { pinWrites, readGroupState } from './update-group-state.ts';

/**
 * Declines a request to the person: it is hidden with its messages, and its sender sees no difference. What the sender writes within
 * a week of the request stays hidden too; what they write later is a new request. Idempotent; without a request, nothing changes.
 */
export async function declineRequest(
  store: TableRef & WithClock,
  conversation: Conversation,
): Promise<MessageGroupState> {
  await retryOnConflict(() => declineOnce(store, conversation), store);
  return readGroupState(store, conversation);
}

async function declineOnce(table: TableRef & WithClock, conversation: Conversation): Promise<void> {
  const { messageGroupUuid, userUuid, otherUuid } = conversation;
  const view = { messageGroupUuid, userUuid };
  const [gate, newest, { isPinned }] = await Promise.all([
    readGate(table, userUuid, otherUuid),
    findNewestMessage(table, messageGroupUuid),
    readGroupState(table, view),
  ]);
  const request = gate?.request;
  if (request?.to !== userUuid || request.is_declined) return;
  await writeAsRead(table, [
    replaceRequest(table, conversation, request, { ...request, is_declined: true }),
    updateReadMarker(
      table,
      view,
      `SET request = :declined, cleared_through = :at REMOVE is_marked_unread${isPinned ? ', is_pinned' : ''}`,
      { ':declined': 'declined', ':at': formatTime(parseTime(newest?.sk ?? '') ?? EPOCH) },
    ),
    deleteRequest(table, request, messageGroupUuid),
    ...(isPinned ? [pinWrites(table, view, false).pins] : []),
  ]);
}
