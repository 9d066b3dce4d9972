import { countCodePoints, USERS_SEARCH } from '@cruddur/config';
import { type SQL, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Database } from './client.ts';
import { isStorable } from './find-users.ts';
import { handleKey, searchWords, users } from './schema.ts';
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
  const key = handleKey(users.handle);
  // The shortest comes first: that is the handle itself, if there is one.
  const byHandle = selectPeople(db, handleStartsWith(text), key, limit);
  const byWord = selectPeople(
    db,
    sql`${hasWords(text.split(/\s+/u))} and not ${handleStartsWith(text)}`,
    // As an expression that no index has: PostgreSQL would rather walk all people by handle than sort those it found.
    sql`${key} || ''`,
    limit,
  );
  // PostgreSQL takes the parts one after the other, and looks for words only where the handles are fewer than the limit.
  return unionAll(byHandle, byWord).limit(limit);
}

function selectPeople(db: Database, condition: SQL, order: SQL, limit: number) {
  return db.select(userShortColumns).from(users).where(condition).orderBy(order).limit(limit);
}

function handleStartsWith(text: string): SQL {
  const pattern = `${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
  return sql`(${handleKey(users.handle)} like lower(${pattern}))`;
}

function hasWords(words: readonly string[]): SQL {
  // In quotes, and with these two doubled, nothing in a word is an operator of the tsquery.
  const quoted = words.map((word) => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}':*`);
  return sql`${searchWords(users)} @@ lower(${quoted.join(' & ')})::tsquery`;
}
