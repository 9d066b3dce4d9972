import { foldText, type IndexedClear, type IndexedMessage } from '@cruddur/config';
import { sql } from 'drizzle-orm';
import type { Database } from '../client.ts';
import { searchCleared, searchMessages } from '../schema.ts';

/**
 * Indexes messages for searching, in one statement. Idempotent, and safe in any order: of two versions of a message, the higher one
 * stays.
 */
export async function indexMessages(db: Database, messages: readonly IndexedMessage[]): Promise<void> {
  const newest = newestBy(messages, (message) => `${message.messageGroupUuid} ${message.messageUuid}`, 'version');
  if (newest.length === 0) return;
  await db
    .insert(searchMessages)
    .values(newest.map(({ text, ...message }) => ({ ...message, folded: foldText(text) })))
    .onConflictDoUpdate({
      target: [searchMessages.messageGroupUuid, searchMessages.messageUuid],
      set: {
        senderUuid: sql`excluded.sender_uuid`,
        recipientUuid: sql`excluded.recipient_uuid`,
        sentAt: sql`excluded.sent_at`,
        sortKey: sql`excluded.sort_key`,
        version: sql`excluded.version`,
        hasLink: sql`excluded.has_link`,
        folded: sql`excluded.folded`,
      },
      // Also the same version: a rebuild repairs a row whose text is wrong.
      setWhere: sql`excluded.version >= ${searchMessages.version}`,
    });
}

/** Indexes what people have cleared, in one statement. Idempotent, and safe in any order: the latest time stays. */
export async function indexClears(db: Database, clears: readonly IndexedClear[]): Promise<void> {
  const newest = newestBy(clears, (clear) => `${clear.userUuid} ${clear.messageGroupUuid}`, 'clearedThrough');
  if (newest.length === 0) return;
  await db
    .insert(searchCleared)
    .values(newest)
    .onConflictDoUpdate({
      target: [searchCleared.userUuid, searchCleared.messageGroupUuid],
      set: { clearedThrough: sql`excluded.cleared_through` },
      setWhere: sql`excluded.cleared_through > ${searchCleared.clearedThrough}`,
    });
}

/** One of each key, the one with the highest number, sorted by key: PostgreSQL refuses a row twice in one statement. */
function newestBy<K extends string, T extends Record<K, number>>(
  all: readonly T[],
  keyOf: (each: T) => string,
  by: K,
): T[] {
  const newest = new Map<string, T>();
  for (const each of all) {
    const known = newest.get(keyOf(each));
    if (!known || each[by] >= known[by]) newest.set(keyOf(each), each);
  }
  // In one order, so that two writers never wait for each other's rows.
  return [...newest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}
