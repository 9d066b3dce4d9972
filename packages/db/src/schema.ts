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
    index('users_search_folded').using('gin', searchWords(table)).with({ fastupdate: false }),
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
 * What a person is searched by, folded, as a tsvector: the handle, and the words of the display name. A word starts after
 * white space, and after punctuation too: `Jean-Luc` has `jean-luc`, `jean` and `luc`. Made from an array, because the text
 * search parser has its own ideas of e-mail addresses, numbers and emoji. A tsvector takes words of 2,046 bytes at most:
 * hence the first 200 characters.
 */
export function searchWords(table: { handle: AnyPgColumn; displayName: AnyPgColumn }): SQL {
  const name = sql`left(${folded(table.displayName)}, 200)`;
  const bySpace = sql`regexp_split_to_array(${name}, '[[:space:]]+')`;
  const byPunctuation = sql`regexp_split_to_array(${name}, '[[:space:][:punct:]]+')`;
  const handle = sql`left(${folded(table.handle)}, 200)`;
  return sql`array_to_tsvector(array_remove(${bySpace} || ${byPunctuation} || ${handle}, ''))`;
}

/** Apostrophes as people and phones write them. */
export const APOSTROPHES = '’‘ʼʻ´`′';
/** Letters that Unicode does not decompose, and what people type for them. */
const LETTERS = ['øłđħŧıς', 'oldhtiσ'] as const;
/** Accents of Latin, Greek and Cyrillic, and the vowel points of Hebrew and Arabic. Marks of other scripts are letters. */
const ACCENTS = '[\\u0300-\\u036f\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u064b-\\u065f\\u0670]';

/**
 * A text without case, accents and width, as people type names: `kovács` and `ＫＯＶＡＣＳ` become `kovacs`. Immutable, so
 * that an index may have it; `unaccent()` is not.
 */
export function folded(text: AnyPgColumn | SQL): SQL {
  const withApostrophes = sql`translate(${text}, ${literal(APOSTROPHES)}, ${literal("'".repeat(APOSTROPHES.length))})`;
  const withoutAccents = sql`regexp_replace(normalize(${withApostrophes}, NFKD), ${literal(ACCENTS)}, '', 'g')`;
  const plain = sql`translate(lower(${withoutAccents}), ${literal(LETTERS[0])}, ${literal(LETTERS[1])})`;
  return sql`replace(replace(replace(${plain}, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe')`;
}

/** A constant as it is in the index: PostgreSQL uses the index only for the same expression, without parameters. */
function literal(text: string): SQL {
  return sql.raw(`'${text.replaceAll("'", "''")}'`);
}
