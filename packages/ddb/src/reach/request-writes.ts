import { keys } from '../table/keys.ts';
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

/** The item of a pending request, by which its recipient finds it. */
export function requestItem(request: ReachRequest, messageGroupUuid: string) {
  return {
    ...keys.request(request.to, parseTime(request.at) ?? EPOCH, messageGroupUuid),
    group_uuid: messageGroupUuid,
  };
}

/** Deletes the item of a request. */
export function deleteRequest({ tableName }: TableRef, request: ReachRequest, messageGroupUuid: string) {
  const { pk, sk } = requestItem(request, messageGroupUuid);
  return { Delete: { TableName: tableName, Key: { pk, sk } } };
}

/** Replaces the request of a gate, or removes it, unless it has changed since it was read. */
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

/** Changes attributes of a person's view of a conversation. */
export function updateView(
  { tableName }: TableRef,
  { userUuid, messageGroupUuid }: { userUuid: string; messageGroupUuid: string },
  UpdateExpression: string,
  values?: Record<`:${string}`, unknown>,
) {
  return {
    Update: {
      TableName: tableName,
      Key: { ...keys.readMarker(userUuid, messageGroupUuid) },
      UpdateExpression: UpdateExpression.replace(/\brequest\b/, '#request'),
      ...(/\brequest\b/.test(UpdateExpression) && { ExpressionAttributeNames: { '#request': 'request' } }),
      ...(values && { ExpressionAttributeValues: values }),
    },
  };
}

/** What a sender's message in a request writes beside the message. */
export function countInRequest(
  table: TableRef,
  conversation: Conversation,
  { was, next, isRenewed }: Extract<Passage, { kind: 'request' }>,
) {
  const { messageGroupUuid, userUuid: senderUuid, otherUuid: recipientUuid } = conversation;
  const ofSender = { userUuid: senderUuid, messageGroupUuid };
  const writes: object[] = [replaceRequest(table, conversation, was, next)];
  if (next.sent >= REQUEST_MESSAGES_MAX) {
    writes.push(updateView(table, ofSender, 'SET awaits_acceptance = :true', { ':true': true }));
  } else if (was.sent >= REQUEST_MESSAGES_MAX) {
    writes.push(updateView(table, ofSender, 'REMOVE awaits_acceptance'));
  }
  if (isRenewed) {
    const ofRecipient = { userUuid: recipientUuid, messageGroupUuid };
    writes.push(
      { Put: { TableName: table.tableName, Item: requestItem(next, messageGroupUuid) } },
      updateView(table, ofRecipient, 'SET request = :pending', { ':pending': 'pending' }),
    );
  }
  return writes;
}
