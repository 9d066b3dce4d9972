import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { WithClock } from '../table/clock.ts';
import { MessageStoreError } from '../table/errors.ts';
import { keys } from '../table/keys.ts';
import { parseItem } from '../table/parse-items.ts';
import { Conflict } from '../table/retry.ts';
import type { TableRef } from '../table/table-ref.ts';
import type { Micros } from '../table/time.ts';
import { putIfAbsent, readTransactionFailure, type TransactionFailure } from '../table/transaction.ts';
import { findEarlierMessage } from './find-earlier-message.ts';
import {
  type Message,
  type MessageDraft,
  type MessageItem,
  messageItem,
  messageSchema,
  toMessage,
  toQuote,
} from './message.ts';
import { findVersionText } from './message-version.ts';
import { readMessage } from './read-messages.ts';
import { findReceipt, type ReceiptItem, receiptedMessage, receiptSchema } from './receipt.ts';

/** A message to write. `target`: what it replies to. */
export interface NewMessageWrite {
  draft: MessageDraft;
  target?: MessageItem | undefined;
  withReceipt: boolean;
}

/** The puts of a message, and of its receipt if the id needs one. */
export function messagePuts(
  table: TableRef,
  messageGroupUuid: string,
  at: Micros,
  { draft, target, withReceipt }: NewMessageWrite,
) {
  const item = messageItem(messageGroupUuid, at, draft.sender, { uuid: draft.uuid, text: draft.text, target });
  const receipt: ReceiptItem = { ...keys.receipt(draft.uuid), group_uuid: messageGroupUuid, message_sk: item.sk };
  return { item, puts: (withReceipt ? [item, receipt] : [item]).map((each) => putIfAbsent(table, each)) };
}

/**
 * Returns an earlier attempt's message as it is now.
 *
 * @throws {MessageStoreError} `client_message_uuid_reused` if it is another message
 */
export async function requireSameMessage(
  table: TableRef,
  messageGroupUuid: string,
  draft: MessageDraft,
  item: MessageItem,
): Promise<Message> {
  const isOwn =
    item.pk === keys.messages(messageGroupUuid) &&
    item.user_uuid === draft.sender.uuid &&
    item.message_uuid === draft.uuid;
  if (!isOwn || !(await hasDraftsContent(table, messageGroupUuid, draft, item))) {
    throw new MessageStoreError('client_message_uuid_reused');
  }
  return readMessage(table, messageGroupUuid, item);
}

/** Whether a message was written from a draft. Of a deleted one, nothing is left to compare. */
async function hasDraftsContent(
  table: TableRef,
  messageGroupUuid: string,
  draft: MessageDraft,
  item: MessageItem,
): Promise<boolean> {
  if (item.deleted_at !== undefined) return true;
  if (item.reply_to?.message_uuid !== draft.replyTo?.messageUuid) return false;
  if (!item.revision) return item.message === draft.text;
  const original = await findVersionText(table, messageGroupUuid, draft.uuid, 0);
  // Without its first text, it was deleted in this moment.
  return original === undefined || original === draft.text;
}

/**
 * Writes a message, or returns the one that an earlier attempt wrote.
 *
 * @param counted - what the transaction writes besides the message
 * @throws {Conflict} if another attempt may succeed
 * @throws {MessageStoreError} `client_message_uuid_reused`
 */
export async function writeMessage(
  store: TableRef & WithClock,
  messageGroupUuid: string,
  message: NewMessageWrite,
  counted: readonly object[] = [],
): Promise<Message> {
  const { draft, target } = message;
  const { item, puts } = messagePuts(store, messageGroupUuid, store.clock(), message);
  const TransactItems = [...puts, ...counted];
  const write = new TransactWriteCommand({ TransactItems, ClientRequestToken: draft.uuid });
  try {
    await store.client.send(write, { abortSignal: store.signal });
    return toMessage(messageGroupUuid, item, target ? toQuote(target) : null);
  } catch (error) {
    const earlier = await findConflictingMessage(store, messageGroupUuid, draft, readTransactionFailure(error));
    return requireSameMessage(store, messageGroupUuid, draft, earlier);
  }
}

/**
 * Finds the message that made a transaction fail.
 *
 * @throws {Conflict} if another attempt may succeed
 */
async function findConflictingMessage(
  store: TableRef & WithClock,
  messageGroupUuid: string,
  draft: MessageDraft,
  failure: TransactionFailure,
): Promise<MessageItem> {
  if (failure.kind === 'token-used') {
    const earlier = await findEarlierMessage(store, messageGroupUuid, draft);
    if (earlier) return earlier;
    const receipt = await findReceipt(store, draft);
    if (receipt) return receiptedMessage(store, messageGroupUuid, receipt);
    // Either the earlier write is still in progress, or it went to another group.
    throw new Conflict({ cause: failure.error, otherwise: new MessageStoreError('client_message_uuid_reused') });
  }
  const [occupant, receiptOccupant] = failure.occupants;
  if (receiptOccupant) {
    return receiptedMessage(store, messageGroupUuid, parseItem(store, receiptSchema, receiptOccupant));
  }
  const message = parseItem(store, messageSchema, occupant);
  if (message?.message_uuid === draft.uuid) return message;
  // Another message has the same microsecond: the next attempt uses a later one.
  throw new Conflict({ cause: failure.error });
}
