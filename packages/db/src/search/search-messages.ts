import { and, desc, eq, gte, lt, notExists, type SQL, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Database } from '../client.ts';
import { searchCleared, searchMessages as table } from '../schema.ts';

export interface MessageSearch {
  callerUuid: string;
  /** Of `parseSearchQuery`; all must occur. */
  terms: readonly string[];
  messageGroupUuid?: string | undefined;
  from?: 'me' | 'them' | undefined;
  /** Microseconds since 1970, exclusive. */
  before?: number | undefined;
  /** Microseconds since 1970, inclusive. */
  after?: number | undefined;
  hasLink?: boolean | undefined;
  /** The last message of the page before. */
  below?: { sentAt: number; messageUuid: string } | undefined;
  limit: number;
}

/** Where a found message is in the table. */
export interface FoundAddress {
  messageGroupUuid: string;
  messageUuid: string;
  sortKey: string;
  /** Microseconds since 1970. */
  sentAt: number;
}

/**
 * Finds messages that a person has sent or received and not cleared, the newest first. Reads only the person's own messages:
 * as many as it takes to fill the page.
 */
export async function searchMessages(db: Database, search: MessageSearch): Promise<FoundAddress[]> {
  const { callerUuid, from, limit } = search;
  const found = (isCallers: SQL) =>
    db
      .select({
        messageGroupUuid: table.messageGroupUuid,
        messageUuid: table.messageUuid,
        sortKey: table.sortKey,
        sentAt: table.sentAt,
      })
      .from(table)
      .where(and(isCallers, matches(db, search)))
      .orderBy(...NEWEST_FIRST)
      .limit(limit);
  const sent = found(eq(table.senderUuid, callerUuid));
  const received = found(eq(table.recipientUuid, callerUuid));
  if (from !== undefined) return await (from === 'me' ? sent : received);
  return await unionAll(sent, received)
    .orderBy(...NEWEST_FIRST)
    .limit(limit);
}

/** Without a table's name, which the union does not have. */
const NEWEST_FIRST = [desc(sql.identifier(table.sentAt.name)), desc(sql.identifier(table.messageUuid.name))] as const;

function matches(db: Database, { callerUuid, terms, messageGroupUuid, before, after, hasLink, below }: MessageSearch) {
  const cleared = db
    .select({ one: sql`1` })
    .from(searchCleared)
    .where(
      and(
        eq(searchCleared.userUuid, callerUuid),
        eq(searchCleared.messageGroupUuid, table.messageGroupUuid),
        gte(searchCleared.clearedThrough, table.sentAt),
      ),
    );
  return and(
    ...terms.map((term) => sql`strpos(${table.folded}, ${term}) > 0`),
    messageGroupUuid === undefined ? undefined : eq(table.messageGroupUuid, messageGroupUuid),
    before === undefined ? undefined : lt(table.sentAt, before),
    after === undefined ? undefined : gte(table.sentAt, after),
    hasLink ? table.hasLink : undefined,
    below && sql`(${table.sentAt}, ${table.messageUuid}) < (${below.sentAt}, ${below.messageUuid}::uuid)`,
    notExists(cleared),
  );
}
