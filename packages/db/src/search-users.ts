import { countCodePoints, USERS_SEARCH } from '@cruddur/config';
import { and, not, or, type SQL, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Database } from './client.ts';
import { isStorable } from './find-users.ts';
import { displayNameWords, handleKey, users } from './schema.ts';
import { type UserShort, userShortColumns } from './user.ts';

/** What to search people by. */
export interface UserSearch {
  /** One word or several; each must begin the handle or a word of the display name, whatever the case. */
  query: string;
  /** Most people to find. */
  limit: number;
}

/**
 * Finds people by what somebody has typed so far. Every character stands for itself.
 *
 * In order: the person of exactly this handle, handles that begin with it, then display names; within each by handle.
 * A blank query finds nobody, and so does one beyond {@link USERS_SEARCH}'s length.
 */
export async function searchUsers(db: Database, { query, limit }: UserSearch): Promise<UserShort[]> {
  const text = query.normalize('NFC').trim();
  if (text === '' || !isStorable(text) || countCodePoints(text) > USERS_SEARCH.queryMaxCodePoints) return [];
  const words = [...new Set(text.split(/\s+/u))];
  const byHandle = handleStartsWith(text);
  const byWords = and(...words.map((word) => or(handleStartsWith(word), displayNameHasWord(word))));
  // Two selects, each of which may follow its own index, and stop at the limit.
  const rows = await unionAll(
    selectRanked(db, 0, byHandle, limit),
    selectRanked(db, 1, and(byWords, not(byHandle)), limit),
  )
    .orderBy(sql`rank, handle_key`)
    .limit(limit);
  return rows.map(({ uuid, handle, displayName }) => ({ uuid, handle, displayName }));
}

function selectRanked(db: Database, rank: number, condition: SQL | undefined, limit: number) {
  const key = handleKey(users.handle);
  return db
    .select({ ...userShortColumns, rank: sql<number>`${sql.raw(String(rank))}`.as('rank'), key: key.as('handle_key') })
    .from(users)
    .where(condition)
    .orderBy(key)
    .limit(limit);
}

function handleStartsWith(text: string): SQL {
  const pattern = `${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
  return sql`${handleKey(users.handle)} like lower(${pattern})`;
}

function displayNameHasWord(word: string): SQL {
  const quoted = word.replaceAll('\\', '\\\\').replaceAll("'", "''");
  return sql`${displayNameWords(users.displayName)} @@ lower(${`'${quoted}':*`})::tsquery`;
}
