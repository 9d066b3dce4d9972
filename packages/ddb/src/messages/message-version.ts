import * as z from 'zod/mini';
import { batchDelete } from '../table/batch.ts';
import { keys } from '../table/keys.ts';
import { itemSchema } from '../table/parse-items.ts';
import { allItems, getItem, inPartition } from '../table/query-items.ts';
import type { TableRef } from '../table/table-ref.ts';
import { isoOf } from '../table/time.ts';
import { type MessageAddress, requireMessage } from './find-message.ts';
import type { Message, MessageItem } from './message.ts';
import { readMessage } from './read-messages.ts';

/** A text that a message had before an edit. */
export interface MessageVersion {
  revision: number;
  message: string;
  /** When this text was written, ISO 8601 in UTC, microseconds. */
  createdAt: string;
}

const versionSchema = itemSchema({ pk: z.string(), sk: z.string(), message: z.string(), written_at: z.string() });
type VersionItem = z.output<typeof versionSchema>;

/** The item that keeps a message's text when it is edited. */
export function versionItem(messageGroupUuid: string, item: MessageItem): VersionItem {
  return {
    ...keys.messageVersion(messageGroupUuid, item.message_uuid, item.revision ?? 0),
    message: item.message,
    written_at: item.edited_at ?? item.sk,
  };
}

/** The text of an earlier revision; `undefined` if it is the current one, or was erased. */
export async function findVersionText(
  table: TableRef,
  messageGroupUuid: string,
  messageUuid: string,
  revision: number,
): Promise<string | undefined> {
  const item = await getItem(table, versionSchema, keys.messageVersion(messageGroupUuid, messageUuid, revision));
  return item?.message;
}

const versionsQuery = (messageGroupUuid: string, messageUuid: string) => ({
  ...inPartition(keys.messageVersions(messageGroupUuid, messageUuid)),
  ConsistentRead: true,
});

/**
 * A message as it is now, and its earlier versions, earliest first. A deleted message has none. The caller checks membership.
 *
 * @throws {MessageStoreError} `message_not_found`
 */
export async function readMessageHistory(
  table: TableRef,
  address: MessageAddress,
): Promise<{ message: Message; items: MessageVersion[] }> {
  const { messageGroupUuid } = address;
  const item = await requireMessage(table, address);
  const versions = await listVersions(table, messageGroupUuid, item);
  return {
    message: await readMessage(table, messageGroupUuid, item),
    items: versions.map(({ sk, message, written_at }) => ({
      revision: Number(sk),
      message,
      createdAt: isoOf(written_at),
    })),
  };
}

/** The items of a message's earlier versions, earliest first. */
export async function listVersions(
  table: TableRef,
  messageGroupUuid: string,
  { message_uuid, deleted_at, revision = 0 }: MessageItem,
): Promise<VersionItem[]> {
  if (deleted_at !== undefined || revision === 0) return [];
  const versions = await allItems(table, versionSchema, versionsQuery(messageGroupUuid, message_uuid));
  // An edit since the message was read has kept the text that the answer shows as the current one.
  return versions.filter(({ sk }) => Number(sk) < revision);
}

/** Erases the earlier versions of a deleted message. Nothing can add one after the deletion. */
export async function eraseVersions(table: TableRef, messageGroupUuid: string, messageUuid: string): Promise<void> {
  const schema = z.object({ pk: z.string(), sk: z.string() });
  const query = { ...versionsQuery(messageGroupUuid, messageUuid), ProjectionExpression: 'pk, sk' };
  await batchDelete(table, await allItems(table, schema, query));
}
