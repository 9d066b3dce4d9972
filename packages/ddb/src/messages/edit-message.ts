import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { EDIT_WINDOW_MS, EDITS_MAX } from '@cruddur/config';
import type { WithClock } from '../table/clock.ts';
import { MessageStoreError } from '../table/errors.ts';
import { Conflict, retryOnConflict } from '../table/retry.ts';
import type { TableRef } from '../table/table-ref.ts';
import { formatTime, type Micros } from '../table/time.ts';
import { readTransactionFailure } from '../table/transaction.ts';
import { type MessageAddress, requireMessage } from './find-message.ts';
import type { Message, MessageChange, MessageItem } from './message.ts';
import { findVersionText, versionItem } from './message-version.ts';
import { readMessage } from './read-messages.ts';

interface EditMessageInput extends MessageAddress {
  userUuid: string;
  text: string;
  /** The revision that the person read. */
  revision: number;
}

/**
 * Replaces the text of a person's own message, within 24 hours and at most ten times. Its time, order and unread state stay. The
 * text before is kept as an earlier version, in the same transaction: 4 write units for a message of 1 kB. An edit that was
 * applied already returns the message as it is now, whatever happened to it since. The caller checks membership and text.
 *
 * @throws {MessageStoreError} `message_not_found`, `not_your_message`, `message_deleted`, `edit_window_passed`,
 * `edit_limit_reached`, `revision_conflict`
 */
export async function editMessage(store: TableRef & WithClock, input: EditMessageInput): Promise<Message> {
  const item = await retryOnConflict(() => editOnce(store, input), store);
  return readMessage(store, input.messageGroupUuid, item);
}

async function editOnce(store: TableRef & WithClock, input: EditMessageInput): Promise<MessageItem> {
  const { messageGroupUuid, at, userUuid, text, revision } = input;
  const item = await requireMessage(store, input);
  if (item.user_uuid !== userUuid) throw new MessageStoreError('not_your_message');
  if (item.deleted_at !== undefined) throw new MessageStoreError('message_deleted');
  if (await isApplied(store, input, item)) return item;
  const current = item.revision ?? 0;
  const now = store.clock();
  if (now - at > EDIT_WINDOW_MS * 1000) throw new MessageStoreError('edit_window_passed');
  if (current >= EDITS_MAX) throw new MessageStoreError('edit_limit_reached');
  if (current !== revision) throw new MessageStoreError('revision_conflict');
  return writeEdit(store, messageGroupUuid, item, { text, now });
}

/** Whether the message has this text at the revision that the edit creates, or had it. */
async function isApplied(
  table: TableRef,
  { messageGroupUuid, messageUuid, text, revision }: EditMessageInput,
  item: MessageItem,
): Promise<boolean> {
  const current = item.revision ?? 0;
  if (current === revision || current === revision + 1) return item.message === text;
  if (current < revision) return false;
  return (await findVersionText(table, messageGroupUuid, messageUuid, revision + 1)) === text;
}

/** @throws {Conflict} if the message was changed since it was read */
async function writeEdit(
  { client, tableName, signal }: TableRef,
  messageGroupUuid: string,
  item: MessageItem,
  { text, now }: { text: string; now: Micros },
): Promise<MessageItem> {
  const { pk, sk, version } = item;
  const changed = {
    message: text,
    edited_at: formatTime(now),
    revision: (item.revision ?? 0) + 1,
    version: (version ?? 0) + 1,
    last_change: 'edit' satisfies MessageChange,
  };
  const update = {
    TableName: tableName,
    Key: { pk, sk },
    UpdateExpression:
      'SET message = :message, edited_at = :edited_at, revision = :revision, version = :version, last_change = :change',
    // Reactions count as well, so that the returned message is exact.
    ConditionExpression: `message_uuid = :uuid AND ${version === undefined ? 'attribute_not_exists(version)' : 'version = :was'}`,
    ExpressionAttributeValues: {
      ':message': text,
      ':edited_at': changed.edited_at,
      ':revision': changed.revision,
      ':version': changed.version,
      ':change': changed.last_change,
      ':uuid': item.message_uuid,
      ':was': version,
    },
  };
  const put = { TableName: tableName, Item: versionItem(messageGroupUuid, item) };
  const write = new TransactWriteCommand({ TransactItems: [{ Update: update }, { Put: put }] });
  try {
    await client.send(write, { abortSignal: signal });
  } catch (error) {
    throw new Conflict({ cause: readTransactionFailure(error).error });
  }
  return { ...item, ...changed };
}
