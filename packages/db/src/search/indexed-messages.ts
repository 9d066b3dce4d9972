import type { IndexedClear, IndexedMessage } from '@cruddur/config';
import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Database } from '../client.ts';
import { searchCleared, searchMessages } from '../schema.ts';

// What the index holds, for rebuilding it and for comparing it with the table.

/** A message of the index, whose text is folded. */
export type IndexedRow = Omit<IndexedMessage, 'text'> & { folded: string };

export type IndexedMessageId = Pick<IndexedMessage, 'messageGroupUuid' | 'messageUuid'>;
export type IndexedClearId = Pick<IndexedClear, 'userUuid' | 'messageGroupUuid'>;

interface Page<Id> {
  /** Only those of a conversation. */
  messageGroupUuid?: string | undefined;
  /** The last one of the page before. */
  after?: Id | undefined;
  limit: number;
}

/** Lists indexed messages, by conversation and uuid. */
export async function listIndexedMessages(
  db: Database,
  { messageGroupUuid, after, limit }: Page<IndexedMessageId>,
): Promise<IndexedRow[]> {
  const { messageGroupUuid: group, messageUuid: uuid } = searchMessages;
  const isInGroup = messageGroupUuid === undefined ? undefined : eq(group, messageGroupUuid);
  const isAfter = after && sql`(${group}, ${uuid}) > (${after.messageGroupUuid}::uuid, ${after.messageUuid}::uuid)`;
  return await db
    .select()
    .from(searchMessages)
    .where(and(isInGroup, isAfter))
    .orderBy(asc(group), asc(uuid))
    .limit(limit);
}

/** Finds those of some messages that are indexed, in any order. */
export async function findIndexedMessages(db: Database, ids: readonly IndexedMessageId[]): Promise<IndexedRow[]> {
  const { messageGroupUuid: group, messageUuid: uuid } = searchMessages;
  return await db
    .select()
    .from(searchMessages)
    .where(
      isAmong([group, ids.map(({ messageGroupUuid }) => messageGroupUuid)], [uuid, ids.map((id) => id.messageUuid)]),
    );
}

/** Removes messages, except those that have another version by now. */
export async function removeIndexedMessages(
  db: Database,
  messages: readonly Pick<IndexedMessage, 'messageGroupUuid' | 'messageUuid' | 'version'>[],
): Promise<void> {
  const { messageGroupUuid: group, messageUuid: uuid, version } = searchMessages;
  await db
    .delete(searchMessages)
    .where(
      isAmong(
        [group, messages.map((each) => each.messageGroupUuid)],
        [uuid, messages.map((each) => each.messageUuid)],
        [version, messages.map((each) => each.version)],
      ),
    );
}

/** Lists what people have cleared, by person and conversation. */
export async function listIndexedClears(
  db: Database,
  { messageGroupUuid, after, limit }: Page<IndexedClearId>,
): Promise<IndexedClear[]> {
  const { userUuid: user, messageGroupUuid: group } = searchCleared;
  const isInGroup = messageGroupUuid === undefined ? undefined : eq(group, messageGroupUuid);
  const isAfter = after && sql`(${user}, ${group}) > (${after.userUuid}::uuid, ${after.messageGroupUuid}::uuid)`;
  return await db
    .select()
    .from(searchCleared)
    .where(and(isInGroup, isAfter))
    .orderBy(asc(user), asc(group))
    .limit(limit);
}

/** Finds those of some clears that are indexed, in any order. */
export async function findIndexedClears(db: Database, ids: readonly IndexedClearId[]): Promise<IndexedClear[]> {
  const { userUuid: user, messageGroupUuid: group } = searchCleared;
  return await db
    .select()
    .from(searchCleared)
    .where(isAmong([user, ids.map(({ userUuid }) => userUuid)], [group, ids.map((id) => id.messageGroupUuid)]));
}

/** Removes clears, except those that have another time by now. */
export async function removeIndexedClears(db: Database, clears: readonly IndexedClear[]): Promise<void> {
  const { userUuid: user, messageGroupUuid: group, clearedThrough } = searchCleared;
  await db
    .delete(searchCleared)
    .where(
      isAmong(
        [user, clears.map((each) => each.userUuid)],
        [group, clears.map((each) => each.messageGroupUuid)],
        [clearedThrough, clears.map((each) => each.clearedThrough)],
      ),
    );
}

/** Whether columns have the values of one of some rows, as one array of values for each column: two parameters for any number of rows. */
function isAmong(...columns: [column: PgColumn, values: readonly (string | number)[]][]): SQL {
  const names = columns.map(([column]) => sql`${column}`);
  const arrays = columns.map(([column, values]) => sql`${sql.param(values)}::${sql.raw(column.getSQLType())}[]`);
  return sql`(${sql.join(names, sql`, `)}) in (select * from unnest(${sql.join(arrays, sql`, `)}))`;
}
