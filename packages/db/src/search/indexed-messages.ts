import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import type { Database } from '../client.ts';
import { searchCleared, searchMessages } from '../schema.ts';
import type { IndexedClear, IndexedMessage } from './index-messages.ts';

// What the index holds, for rebuilding it and for comparing it with the table.

/** A message of the index, whose text is folded. */
export type StoredMessage = Omit<IndexedMessage, 'text'> & { folded: string };

/** The conversations that have indexed messages, by uuid. */
export async function listIndexedGroups(
  db: Database,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<string[]> {
  const rows = await db
    .selectDistinct({ uuid: searchMessages.messageGroupUuid })
    .from(searchMessages)
    .where(after === undefined ? undefined : gt(searchMessages.messageGroupUuid, after))
    .orderBy(asc(searchMessages.messageGroupUuid))
    .limit(limit);
  return rows.map(({ uuid }) => uuid);
}

/** The indexed messages of a conversation, by uuid. */
export async function listIndexedMessages(
  db: Database,
  messageGroupUuid: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<StoredMessage[]> {
  const isInGroup = eq(searchMessages.messageGroupUuid, messageGroupUuid);
  return await db
    .select()
    .from(searchMessages)
    .where(and(isInGroup, after === undefined ? undefined : gt(searchMessages.messageUuid, after)))
    .orderBy(asc(searchMessages.messageUuid))
    .limit(limit);
}

/** Removes messages that the table no longer has. */
export async function removeIndexedMessages(
  db: Database,
  messageGroupUuid: string,
  messageUuids: readonly string[],
): Promise<void> {
  if (messageUuids.length === 0) return;
  const isInGroup = eq(searchMessages.messageGroupUuid, messageGroupUuid);
  await db.delete(searchMessages).where(and(isInGroup, inArray(searchMessages.messageUuid, [...messageUuids])));
}

/** What people have cleared, by person and conversation. */
export async function listIndexedClears(
  db: Database,
  { after, limit }: { after?: Pick<IndexedClear, 'userUuid' | 'messageGroupUuid'> | undefined; limit: number },
): Promise<IndexedClear[]> {
  const key = sql`(${searchCleared.userUuid}, ${searchCleared.messageGroupUuid})`;
  return await db
    .select()
    .from(searchCleared)
    .where(after && sql`${key} > (${after.userUuid}::uuid, ${after.messageGroupUuid}::uuid)`)
    .orderBy(asc(searchCleared.userUuid), asc(searchCleared.messageGroupUuid))
    .limit(limit);
}

/** Removes a clear that the table no longer has. */
export async function removeIndexedClear(
  db: Database,
  { userUuid, messageGroupUuid }: Pick<IndexedClear, 'userUuid' | 'messageGroupUuid'>,
): Promise<void> {
  await db
    .delete(searchCleared)
    .where(and(eq(searchCleared.userUuid, userUuid), eq(searchCleared.messageGroupUuid, messageGroupUuid)));
}
