import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { Conflict, retryOnConflict } from '../table/retry.ts';
import type { TableRef } from '../table/table-ref.ts';
import { readTransactionFailure } from '../table/transaction.ts';
import { REQUEST_MESSAGES_MAX, readGate } from './gate.ts';
import { type Conversation, deleteRequest, replaceRequest, updateView } from './request-writes.ts';

/**
 * Accepts a request to the person: from then on the conversation is like any other. Idempotent, also from two devices at once;
 * without a request, nothing changes. What the person has read becomes visible to the other.
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
    const TransactItems = [
      replaceRequest(table, conversation, request),
      updateView(table, mine, 'REMOVE request, shown_up_to'),
      deleteRequest(table, request, messageGroupUuid),
      ...(request.sent >= REQUEST_MESSAGES_MAX ? [updateView(table, theirs, 'REMOVE awaits_acceptance')] : []),
    ];
    try {
      await table.client.send(new TransactWriteCommand({ TransactItems }), { abortSignal: table.signal });
      return true;
    } catch (error) {
      throw new Conflict({ cause: readTransactionFailure(error).error });
    }
  }, table);
}
