import { countCodePoints, USERS_SEARCH } from '@cruddur/config';
import { type SQL, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Database } from './client.ts';
import { isStorable, type UserShort, userShortColumns } from './find-users.ts';
import { APOSTROPHES, folded, handleKey, searchWords, users } from './schema.ts';

export interface UserSearch {
  /** Words; each must be a prefix of the handle or of a word of the display name, ignoring case, accents and width. */
  query: string;
  limit: number;
}

/** Only the longest words of a query are looked up. */
const WORDS_MAX = 5;
/** Code points. The index has no longer words, and those of a tsquery have at most 2,046 bytes. */
const WORD_MAX = 200;
/** Most users found by a word that are sorted: a limit for very common names. */
const CANDIDATES_MAX = 1000;

/**
 * Finds users by what has been typed so far. There are no wildcards.
 *
 * Sorted: the exact handle first, then handles that begin with the query, then display names; each by handle. If more than
 * {@link CANDIDATES_MAX} users match by name, only some of them are returned. A blank query matches no one, nor does one
 * longer than {@link USERS_SEARCH} allows.
 */
export async function searchUsers(db: Database, { query, limit }: UserSearch): Promise<UserShort[]> {
  const text = query.trim();
  if (text === '' || !isStorable(text) || countCodePoints(text) > USERS_SEARCH.queryMaxCodePoints) return [];
  const key = handleKey(users.handle);
  // An exact match is the shortest, so it sorts first.
  const byHandle = db.select(userShortColumns).from(users).where(handleStartsWith(text)).orderBy(key).limit(limit);
  const candidates = db
    .select(userShortColumns)
    .from(users)
    .where(sql`${hasWords(wordsOf(text))} and not ${handleStartsWith(text)}`)
    .limit(CANDIDATES_MAX)
    .as('candidates');
  const byWord = db
    .select({ uuid: candidates.uuid, handle: candidates.handle, displayName: candidates.displayName })
    .from(candidates)
    .orderBy(handleKey(candidates.handle))
    .limit(limit);
  // PostgreSQL searches words only if fewer handles than the limit match.
  return unionAll(byHandle, byWord).limit(limit);
}

function handleStartsWith(text: string): SQL {
  const pattern = `${text.normalize('NFKC').replaceAll(/[\\%_]/g, '\\$&')}%`;
  return sql`(${handleKey(users.handle)} like lower(${pattern}))`;
}

/** The words to look up: the longest ones, without prefixes of other words. */
function wordsOf(text: string): string[] {
  // Normalise first: it can produce quotes and backslashes, which must be escaped below.
  const plain = text
    .replaceAll(new RegExp(`[${APOSTROPHES}]`, 'gu'), "'")
    .normalize('NFKD')
    .toLowerCase();
  const words = [...new Set(plain.split(/\s+/u))].filter((word) => word !== '');
  const longest = words
    .filter((word) => !words.some((other) => other !== word && other.startsWith(word)))
    .toSorted((one, other) => other.length - one.length)
    .slice(0, WORDS_MAX);
  return longest.map((word) => Array.from(word).slice(0, WORD_MAX).join(''));
}

function hasWords(words: readonly string[]): SQL {
  // Quoted and escaped, so that no character is an operator of the tsquery.
  const quoted = words.map((word) => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}':*`);
  return sql`${searchWords(users)} @@ (${folded(sql`${quoted.join(' & ')}::text`)})::tsquery`;
}
