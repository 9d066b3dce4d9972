import { ConditionalCheckFailedException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { MessageStoreError } from '../table/errors.ts';
import { type Key, keys } from '../table/keys.ts';
import { type Item, parseItem } from '../table/parse-items.ts';
import { Conflict, retryOnConflict } from '../table/retry.ts';
import type { TableRef } from '../table/table-ref.ts';
import { findOriginMessage, type MessageAddress } from './find-message.ts';
import { type MessageItem, messageSchema } from './message.ts';

export interface MessageUpdate
  extends Pick<UpdateCommandInput, 'UpdateExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'> {
  /** Checked in addition to the message's uuid. */
  condition: string;
}

/**
 * Updates a message by its address, in one call. One that the origin wrote under another form of its time is found first.
 *
 * @param onRefused - called with a message that does not meet the condition: throws, or returns what the caller receives
 * @throws {MessageStoreError} `message_not_found`
 */
export async function updateMessage(
  table: TableRef,
  address: MessageAddress,
  update: MessageUpdate,
  onRefused: (item: MessageItem) => MessageItem,
): Promise<MessageItem> {
  const { messageGroupUuid, messageUuid, at } = address;
  const atKey = async (key: Key) => {
    const { existing, updated } = await retryOnConflict(() => updateAt(table, key, messageUuid, update), table);
    const item = parseItem(table, messageSchema, updated ?? existing);
    return item?.message_uuid === messageUuid ? { item, isUpdated: updated !== undefined } : undefined;
  };
  let found = await atKey(keys.message(messageGroupUuid, at));
  const elsewhere = found ? undefined : await findOriginMessage(table, address);
  if (elsewhere) found = await atKey({ pk: elsewhere.pk, sk: elsewhere.sk });
  if (!found) throw new MessageStoreError('message_not_found');
  return found.isUpdated ? found.item : onRefused(found.item);
}

/** @throws {Conflict} while an edit of the message is being written: DynamoDB refuses other writes meanwhile */
async function updateAt(
  { client, tableName, signal }: TableRef,
  { pk, sk }: Key,
  messageUuid: string,
  { condition, UpdateExpression, ExpressionAttributeNames, ExpressionAttributeValues }: MessageUpdate,
): Promise<{ updated?: Item | undefined; existing?: Item | undefined }> {
  const command = new UpdateCommand({
    TableName: tableName,
    Key: { pk, sk },
    UpdateExpression,
    ExpressionAttributeNames,
    ExpressionAttributeValues: { ...ExpressionAttributeValues, ':message': messageUuid },
    ConditionExpression: `message_uuid = :message AND ${condition}`,
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    return { updated: (await client.send(command, { abortSignal: signal })).Attributes };
  } catch (error) {
    if (error instanceof TransactionConflictException) throw new Conflict({ cause: error });
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { existing: error.Item && unmarshall(error.Item) };
  }
}
