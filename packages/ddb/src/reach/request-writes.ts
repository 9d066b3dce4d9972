import * as z from 'zod/mini';
import { updateReadMarker } from '../members/read-marker.ts';
import { keys } from '../table/keys.ts';
import { itemSchema } from '../table/parse-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { EPOCH, parseTime } from '../table/time.ts';
import { type Passage, REQUEST_MESSAGES_MAX, type ReachRequest } from './gate.ts';

/** The two people of a conversation. */
export interface Conversation {
  messageGroupUuid: string;
  /** Whose call it is. */
  userUuid: string;
  otherUuid: string;
}

/** A request that its recipient has not answered, by which they find it. */
export const requestItemSchema = itemSchema({ pk: z.string(), sk: z.string(), group_uuid: z.string() });
export type RequestItem = z.output<typeof requestItemSchema>;

export function requestItem(request: ReachRequest, messageGroupUuid: string): RequestItem {
  return {
    ...keys.request(request.to, parseTime(request.at) ?? EPOCH, messageGroupUuid),
    group_uuid: messageGroupUuid,
  };
}

/** The part of a transaction that deletes a request's item. */
export function deleteRequest({ tableName }: TableRef, request: ReachRequest, messageGroupUuid: string) {
  const { pk, sk } = requestItem(request, messageGroupUuid);
  return { Delete: { TableName: tableName, Key: { pk, sk } } };
}

/** The part of a transaction that replaces a gate's request, or removes it. Its condition: `was` is still the request. */
export function replaceRequest(
  { tableName }: TableRef,
  { userUuid, otherUuid }: Conversation,
  was: ReachRequest,
  next?: ReachRequest,
) {
  return {
    Update: {
      TableName: tableName,
      Key: { ...keys.gate(userUuid, otherUuid) },
      UpdateExpression: next ? 'SET #request = :next' : 'REMOVE #request',
      ConditionExpression: '#request = :was',
      ExpressionAttributeNames: { '#request': 'request' },
      ExpressionAttributeValues: { ':was': was, ':next': next },
    },
  };
}

/**
 * The writes that count a sender's message in a request. They are in the message's transaction.
 *
 * @param hiddenThrough - of one that renews it, the time of the newest message before: up to there, it stays hidden
 */
export function countInRequest(
  table: TableRef,
  conversation: Conversation,
  { was, next, isRenewed }: Extract<Passage, { kind: 'request' }>,
  hiddenThrough: string | undefined,
) {
  const { messageGroupUuid, userUuid: senderUuid, otherUuid: recipientUuid } = conversation;
  const ofSender = { userUuid: senderUuid, messageGroupUuid };
  const writes: object[] = [replaceRequest(table, conversation, was, next)];
  if (next.sent >= REQUEST_MESSAGES_MAX) {
    writes.push(updateReadMarker(table, ofSender, { awaits_acceptance: true }));
  } else if (was.sent >= REQUEST_MESSAGES_MAX) {
    writes.push(updateReadMarker(table, ofSender, { awaits_acceptance: undefined }));
  }
  if (isRenewed) {
    const ofRecipient = { userUuid: recipientUuid, messageGroupUuid };
    writes.push(
      { Put: { TableName: table.tableName, Item: requestItem(next, messageGroupUuid) } },
      updateReadMarker(table, ofRecipient, {
        request: 'pending',
        ...(hiddenThrough !== undefined && { cleared_through: hiddenThrough }),
      }),
    );
  }
  return writes;
}
