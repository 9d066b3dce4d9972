import { countCodePoints, USERS_SEARCH } from '@cruddur/config';
import { type SQL, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Database } from './client.ts';
import { isStorable } from './find-users.ts';
import { APOSTROPHES, folded, handleKey, searchWords, users } from './schema.ts';
import { type UserShort, userShortColumns } from './user.ts';

/** What to search people by. */
export interface UserSearch {
  /** One word or several; each must begin the handle or a word of the display name, without case, accents and width. */
  query: string;
  /** Most people to find. */
  limit: number;
}

/** Most words of a query that are looked up; the longest, since they say most. */
const WORDS_MAX = 5;
/** Most code points of one word: the index has no longer ones, and a tsquery takes 2,046 bytes. */
const WORD_MAX = 200;
/** Most people found by a word who are put in order: a bound for names that very many people share. */
const CANDIDATES_MAX = 1000;

/**
 * Finds people by what somebody has typed so far. Every character stands for itself.
 *
 * In order: the person of exactly this handle, handles that begin with it, then display names; within each by handle. If
 * more than {@link CANDIDATES_MAX} people match by name, some of them are found, and these are in order. A blank query
 * finds no one, and so does one beyond {@link USERS_SEARCH}'s length.
 */
export async function searchUsers(db: Database, { query, limit }: UserSearch): Promise<UserShort[]> {
  const text = query.trim();
  if (text === '' || !isStorable(text) || countCodePoints(text) > USERS_SEARCH.queryMaxCodePoints) return [];
  const key = handleKey(users.handle);
  // The shortest is first: the handle itself, if it exists.
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
  // PostgreSQL runs the parts in turn, and looks for words only if there are fewer handles than the limit.
  return unionAll(byHandle, byWord).limit(limit);
}

function handleStartsWith(text: string): SQL {
  const pattern = `${text.normalize('NFKC').replaceAll(/[\\%_]/g, '\\$&')}%`;
  return sql`(${handleKey(users.handle)} like lower(${pattern}))`;
}

/** The words to look up: the longest ones, without those that only begin another one and so ask for nothing more. */
function wordsOf(text: string): string[] {
  // What folding turns into quotes and backslashes has to be such before they are escaped.
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
  // In quotes, and with these two doubled, nothing in a word is an operator of the tsquery.
  const quoted = words.map((word) => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}':*`);
  return sql`${searchWords(users)} @@ (${folded(sql`${quoted.join(' & ')}::text`)})::tsquery`;
}
