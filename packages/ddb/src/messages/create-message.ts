import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { WithClock } from '../table/clock.ts';
import { MessageStoreError } from '../table/errors.ts';
import { keys } from '../table/keys.ts';
import { type CallOptions, httpOptions, type TableRef } from '../table/table-ref.ts';
import { formatTime, type Micros } from '../table/time.ts';
import { Conflict, readTransactionFailure, retryTransaction, type TransactionFailure } from '../table/transaction.ts';
import { idAge } from './client-message-id.ts';
import { findEarlierMessage, lookElsewhere } from './find-earlier-message.ts';
import type { MessageDraft } from './message.ts';
import { type Message, type MessageItem, messageItem, toMessage } from './message.ts';

/** Which message a client's id became: written in the same transaction, where the id tells nothing of its age. */
interface ReceiptItem {
  pk: string;
  sk: string;
  group_uuid: string;
  message_sk: string;
}

/**
 * Pattern C: a message to an existing group. The same id again, at once or an hour later, gives the message that the
 * first attempt wrote. Whether the sender is a member is the caller's to check.
 *
 * A first attempt is one call and 2 write units (see docs/decisions/0003).
 *
 * @throws {MessageStoreError} `client_message_uuid_reused`, `client_message_uuid_from_future`,
 * `client_message_uuid_expired`
 */
export async function createMessage(
  store: TableRef & WithClock,
  messageGroupUuid: string,
  draft: MessageDraft,
  options?: CallOptions,
): Promise<Message> {
  const age = idAge(draft.uuid, store.clock());
  const earlier = age === 'first' ? undefined : await findEarlierMessage(store, messageGroupUuid, draft, options);
  if (earlier) return settle(messageGroupUuid, draft, earlier);
  // Only after the look: an instance whose clock is ahead of ours may have written it, and the client takes a new id.
  if (age === 'future') throw new MessageStoreError('client_message_uuid_from_future');
  const elsewhere = age === 'unknown' ? await lookElsewhere(store, messageGroupUuid, draft, options) : 'absent';
  if (elsewhere === 'written') throw new MessageStoreError('client_message_uuid_reused');
  if (elsewhere === 'too_much') {
    // An attempt before so many groups moved may have written it with a receipt.
    const receipt = await findReceipt(store, draft, options);
    if (!receipt) throw new MessageStoreError('client_message_uuid_expired');
    return settle(messageGroupUuid, draft, await receiptedMessage(store, messageGroupUuid, receipt, options));
  }
  return retryTransaction(() => writeMessage(store, messageGroupUuid, draft, age === 'unknown', options), options);
}

/** The puts of a message, and of its receipt where the id needs one. */
export function messagePuts(
  store: TableRef,
  messageGroupUuid: string,
  draft: MessageDraft,
  at: Micros,
  withReceipt: boolean,
): { item: MessageItem; puts: NonNullable<TransactWriteCommandInput['TransactItems']> } {
  const item = messageItem(messageGroupUuid, at, draft.sender, draft);
  const receipt: ReceiptItem = {
    ...keys.receipt(draft.uuid),
    group_uuid: messageGroupUuid,
    message_sk: formatTime(at),
  };
  return { item, puts: [putIfAbsent(store, item), ...(withReceipt ? [putIfAbsent(store, receipt)] : [])] };
}

/** A put that refuses to overwrite, and returns the existing item. */
export function putIfAbsent(store: TableRef, item: object): { Put: Record<string, unknown> & PutInput } {
  return {
    Put: {
      TableName: store.tableName,
      Item: item as Record<string, unknown>,
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

type PutInput = NonNullable<NonNullable<TransactWriteCommandInput['TransactItems']>[number]['Put']>;

/** Returns the message that an earlier attempt wrote, provided that it is the same one. */
function settle(messageGroupUuid: string, draft: MessageDraft, item: MessageItem): Message {
  const isSame =
    item.pk === keys.messages(messageGroupUuid) &&
    item.message === draft.text &&
    item.user_uuid === draft.sender.uuid &&
    item.message_uuid === draft.uuid;
  if (!isSame) throw new MessageStoreError('client_message_uuid_reused');
  return toMessage(messageGroupUuid, item);
}

async function writeMessage(
  store: TableRef & WithClock,
  messageGroupUuid: string,
  draft: MessageDraft,
  withReceipt: boolean,
  options?: CallOptions,
): Promise<Message> {
  const { item, puts } = messagePuts(store, messageGroupUuid, draft, store.clock(), withReceipt);
  try {
    await store.client.send(
      new TransactWriteCommand({ TransactItems: puts, ClientRequestToken: draft.uuid }),
      httpOptions(options),
    );
    return toMessage(messageGroupUuid, item);
  } catch (error) {
    const earlier = await earlierOf(store, messageGroupUuid, draft, readTransactionFailure(error), options);
    return settle(messageGroupUuid, draft, earlier);
  }
}

/**
 * Finds the message that made a transaction fail.
 *
 * @throws {Conflict} where another try may succeed
 */
async function earlierOf(
  store: TableRef & WithClock,
  messageGroupUuid: string,
  draft: MessageDraft,
  failure: TransactionFailure,
  options?: CallOptions,
): Promise<MessageItem> {
  if (failure.kind === 'token-used') {
    const earlier = await findEarlierMessage(store, messageGroupUuid, draft, options);
    if (earlier) return earlier;
    const receipt = await findReceipt(store, draft, options);
    if (receipt) return receiptedMessage(store, messageGroupUuid, receipt, options);
    // Either the earlier write is still under way, or it went to another group.
    throw new Conflict({ cause: failure.error, otherwise: new MessageStoreError('client_message_uuid_reused') });
  }
  const [message, receipt] = failure.occupants;
  if (receipt) return receiptedMessage(store, messageGroupUuid, receipt as ReceiptItem, options);
  if (message && (message as MessageItem).message_uuid === draft.uuid) return message as MessageItem;
  // Another message has this very microsecond: both live, so this one takes a later one.
  throw new Conflict({ cause: failure.error });
}

async function findReceipt(
  store: TableRef,
  draft: MessageDraft,
  options?: CallOptions,
): Promise<ReceiptItem | undefined> {
  const Key = keys.receipt(draft.uuid);
  const { Item } = await store.client.send(
    new GetCommand({ TableName: store.tableName, Key, ConsistentRead: true }),
    httpOptions(options),
  );
  return Item as ReceiptItem | undefined;
}

/** Reads the message that a receipt names. */
async function receiptedMessage(
  store: TableRef,
  messageGroupUuid: string,
  receipt: ReceiptItem,
  options?: CallOptions,
): Promise<MessageItem> {
  if (receipt.group_uuid !== messageGroupUuid) throw new MessageStoreError('client_message_uuid_reused');
  const Key = { pk: keys.messages(messageGroupUuid), sk: receipt.message_sk };
  const { Item } = await store.client.send(
    new GetCommand({ TableName: store.tableName, Key, ConsistentRead: true }),
    httpOptions(options),
  );
  if (!Item) throw new MessageStoreError('client_message_uuid_reused');
  return Item as MessageItem;
}
