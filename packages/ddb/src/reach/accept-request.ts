import { updateReadMarker } from '../members/read-marker.ts';
import { retryOnConflict } from '../table/retry.ts';
import type { TableRef } from '../table/table-ref.ts';
import { writeAsRead } from '../table/transaction.ts';
import { REQUEST_MESSAGES_MAX, readGate } from './gate.ts';
import { type Conversation, deleteRequest, replaceRequest } from './request-writes.ts';

/**
 * Accepts a request to the person: from then on the conversation is like any other. Idempotent, also from two devices at once;
 * without a request, nothing changes. What the person has read becomes visible to the other, unless it was read with receipts off.
 *
 * @returns whether this call accepted it
 */
export async function acceptRequest(table: TableRef, conversation: Conversation): Promise<boolean> {
  const { messageGroupUuid, userUuid, otherUuid } = conversation;
  return retryOnConflict(async () => {
    const gate = await readGate(table, userUuid, otherUuid);
    const request = gate?.request;
    if (request?.to !== userUuid || gate?.blocked_by) return false;
    const mine = { userUuid, messageGroupUuid };
    const theirs = { userUuid: otherUuid, messageGroupUuid };
    await writeAsRead(table, [
      replaceRequest(table, conversation, request),
      updateReadMarker(table, mine, { request: undefined }),
      deleteRequest(table, request, messageGroupUuid),
      ...(request.sent >= REQUEST_MESSAGES_MAX
        ? [updateReadMarker(table, theirs, { awaits_acceptance: undefined })]
        : []),
    ]);
    return true;
  }, table);
}
