import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { listedRowSchema, unreadOfRow } from '../members/message-group-row.ts';
import { personOf } from '../members/person.ts';
import { markedGroup, type ReadMarkerItem, readMarkerSchema } from '../members/read-marker.ts';
import { messageSchema } from '../messages/message.ts';
import { closedReason, readGate } from '../reach/gate.ts';
import type { WithClock } from '../table/clock.ts';
import { keys } from '../table/keys.ts';
import { parseItem } from '../table/parse-items.ts';
import { getItem } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { EPOCH, formatTime, isoOf, type Micros, parseTime } from '../table/time.ts';

/** A message of which a person may be notified. */
export interface NotifiedMessage {
  messageGroupUuid: string;
  messageUuid: string;
  /** Of the message, as stored. */
  sk: string;
  senderUuid: string;
  recipientUuid: string;
  /** Whether it may have been claimed before, and not been sent. */
  isRepeated: boolean;
}

/** What is shown of it. */
export interface Notification {
  displayName: string;
  text: string;
  /** ISO 8601 in UTC, microseconds. */
  createdAt: string;
  /** How many messages of the group are unread, up to 100; `null` if that is not known. */
  unread: number | null;
}

/**
 * Decides whether a person is notified of a message, now, and records it on the read marker: 3 read units and 1 write unit. Not if it is
 * read, cleared or deleted, or the group muted; if the sender is suspended, one of the two blocks the other, or it is a request; or
 * if a later message was notified before, or this one, unless `isRepeated`.
 *
 * The write has the marker's conditions, so it comes either before a mark as read, whose event then closes the notification, or
 * after it, and is refused.
 *
 * @throws {MalformedItemError} if the gate can't be read: nothing passes
 */
export async function claimNotification(
  store: TableRef & WithClock,
  message: NotifiedMessage,
): Promise<Notification | undefined> {
  const { messageGroupUuid, messageUuid, sk, senderUuid, recipientUuid } = message;
  const at = parseTime(sk) ?? EPOCH;
  const [item, gate, row] = await Promise.all([
    getItem(store, messageSchema, { pk: keys.messages(messageGroupUuid), sk }),
    readGate(store, senderUuid, recipientUuid),
    getItem(store, listedRowSchema, keys.messageGroupRow(recipientUuid, at)),
  ]);
  if (item?.message_uuid !== messageUuid || item.deleted_at !== undefined) return undefined;
  if (closedReason(gate, senderUuid) !== undefined || gate?.request?.to === recipientUuid) return undefined;
  const marker = await claim(store, message, at);
  if (!marker) return undefined;
  const counted = row?.message_group_uuid === messageGroupUuid ? unreadOfRow(row) : undefined;
  // The person may have read a part since.
  const isCurrent = counted !== undefined && (markedGroup(marker).at ?? EPOCH) <= counted.after;
  return {
    displayName: personOf(item).displayName,
    text: item.message,
    createdAt: isoOf(sk),
    unread: isCurrent ? (counted.count ?? null) : null,
  };
}

/** @returns the marker; `undefined` if it does not allow the notification */
async function claim(
  store: TableRef & WithClock,
  { messageGroupUuid, recipientUuid, isRepeated }: NotifiedMessage,
  at: Micros,
): Promise<ReadMarkerItem | undefined> {
  const isBefore = (attribute: string) => `(attribute_not_exists(${attribute}) OR ${attribute} < :at)`;
  const update = new UpdateCommand({
    TableName: store.tableName,
    Key: { ...keys.readMarker(recipientUuid, messageGroupUuid) },
    UpdateExpression: 'SET notified_through = :at',
    ConditionExpression: [
      isBefore('read_up_to'),
      isBefore('cleared_through'),
      `(attribute_not_exists(notified_through) OR notified_through ${isRepeated ? '<=' : '<'} :at)`,
      // `always` sorts after every time.
      '(attribute_not_exists(muted_until) OR muted_until <= :now)',
      'attribute_not_exists(blocked_by)',
      'attribute_not_exists(#request)',
    ].join(' AND '),
    ExpressionAttributeNames: { '#request': 'request' },
    ExpressionAttributeValues: { ':at': formatTime(at), ':now': formatTime(store.clock()) },
    ReturnValues: 'ALL_NEW',
  });
  try {
    const { Attributes } = await store.client.send(update, { abortSignal: store.signal });
    return parseItem(store, readMarkerSchema, Attributes);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return undefined;
  }
}
