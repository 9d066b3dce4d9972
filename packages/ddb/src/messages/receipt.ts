import * as z from 'zod/mini';
import { MessageStoreError } from '../table/errors.ts';
import { keys } from '../table/keys.ts';
import { getItem } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { type MessageDraft, type MessageItem, messageSchema } from './message.ts';

/** Records which message a client's id became. Written in the same transaction, if the id does not show its age. */
export const receiptSchema = z.object({
  pk: z.string(),
  sk: z.string(),
  group_uuid: z.string(),
  message_sk: z.string(),
});
export type ReceiptItem = z.output<typeof receiptSchema>;

/** The receipt of a draft's id, strongly consistent. */
export function findReceipt(table: TableRef, draft: MessageDraft): Promise<ReceiptItem | undefined> {
  return getItem(table, receiptSchema, keys.receipt(draft.uuid));
}

/**
 * The message that a receipt records.
 *
 * @throws {MessageStoreError} `client_message_uuid_reused` if it is another group's, or missing
 */
export async function receiptedMessage(
  table: TableRef,
  messageGroupUuid: string,
  receipt: ReceiptItem | undefined,
): Promise<MessageItem> {
  if (receipt?.group_uuid === messageGroupUuid) {
    const key = { pk: keys.messages(messageGroupUuid), sk: receipt.message_sk };
    const item = await getItem(table, messageSchema, key);
    if (item) return item;
  }
  throw new MessageStoreError('client_message_uuid_reused');
}
