import { COGNITO_USER_ID_PLACEHOLDER } from '@cruddur/config';
import { type SQL, sql } from 'drizzle-orm';
import { type AnyPgColumn, index, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';

/** Unique index: a handle belongs to one user, whatever its case. */
export const HANDLE_INDEX = 'users_handle_unique';

/** Unique index: a Cognito id belongs to one user; the placeholder is free for all. */
export const COGNITO_USER_ID_INDEX = 'users_cognito_user_id_unique';

/** People. The origin's databases have the same columns. */
export const users = pgTable(
  'users',
  {
    uuid: uuid('uuid').primaryKey().defaultRandom(),
    displayName: text('display_name').notNull(),
    handle: text('handle').notNull(),
    email: text('email').notNull(),
    cognitoUserId: text('cognito_user_id').notNull(),
    createdAt: timestamp('created_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex(HANDLE_INDEX).on(handleKey(table.handle)),
    uniqueIndex(COGNITO_USER_ID_INDEX).on(table.cognitoUserId).where(isKnownToCognito(table.cognitoUserId)),
    // Without fastupdate: a search would otherwise read through the list of people not yet sorted in.
    index('users_search_words').using('gin', searchWords(table)).with({ fastupdate: false }),
  ],
);

/**
 * A handle without its case, compared byte by byte: one index then serves equality, prefixes and the order, and the
 * order is the same whatever the locale of the database.
 */
export function handleKey(handle: AnyPgColumn | SQL): SQL<string> {
  return sql<string>`lower(${handle}) collate "C"`;
}

/** Whether a row carries a Cognito id. Spelled as in the partial index, so that PostgreSQL sees that the index serves. */
export function isKnownToCognito(cognitoUserId: AnyPgColumn): SQL {
  return sql`${cognitoUserId} <> ${sql.raw(`'${COGNITO_USER_ID_PLACEHOLDER}'`)}`;
}

/**
 * What a person is searched by, in lower case, as a tsvector: the handle, and the words of the display name. A word
 * starts after white space, and after punctuation too: `Jean-Luc` has `jean-luc`, `jean` and `luc`. Made from an array,
 * because the text search parser has its own ideas of e-mail addresses, numbers and emoji. A tsvector takes words of
 * 2,046 bytes at most: hence the first 200 characters.
 */
export function searchWords(table: { handle: AnyPgColumn; displayName: AnyPgColumn }): SQL {
  const name = sql`lower(left(${table.displayName}, 200))`;
  const bySpace = sql`regexp_split_to_array(${name}, '[[:space:]]+')`;
  const byPunctuation = sql`regexp_split_to_array(${name}, '[[:space:][:punct:]]+')`;
  const handle = sql`lower(left(${table.handle}, 200))`;
  return sql`array_to_tsvector(array_remove(${bySpace} || ${byPunctuation} || ${handle}, ''))`;
}
