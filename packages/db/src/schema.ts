import { COGNITO_USER_ID_PLACEHOLDER, type MessageAudience } from '@cruddur/config';
import { type SQL, sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

/** Unique index: handles are unique regardless of case. */
export const HANDLE_INDEX = 'users_handle_unique';

/** Unique index: Cognito ids are unique, except for the placeholder. */
export const COGNITO_USER_ID_INDEX = 'users_cognito_user_id_unique';

/** The origin's databases have the same columns. */
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
    // fastupdate would make every search scan the list of pending entries.
    index('users_search_folded').using('gin', searchWords(table)).with({ fastupdate: false }),
  ],
);

/** What people have set. Only those have a row who have changed something; the defaults are those of `DEFAULT_SETTINGS`. */
export const userSettings = pgTable('user_settings', {
  userUuid: uuid('user_uuid')
    .primaryKey()
    .references(() => users.uuid, { onDelete: 'cascade' }),
  whoMayMessage: text('who_may_message').$type<MessageAudience>().notNull().default('everyone'),
  sendsReadReceipts: boolean('sends_read_receipts').notNull().default(true),
  sendsTyping: boolean('sends_typing').notNull().default(true),
});

/**
 * The messages of the table, for searching: a projection that `bin/search/rebuild` can rebuild. A search reads the
 * caller's own messages through one of the two indexes, the newest first (docs/decisions/0026).
 */
export const searchMessages = pgTable(
  'search_messages',
  {
    messageGroupUuid: uuid('message_group_uuid').notNull(),
    messageUuid: uuid('message_uuid').notNull(),
    senderUuid: uuid('sender_uuid').notNull(),
    recipientUuid: uuid('recipient_uuid').notNull(),
    /** Microseconds since 1970. */
    sentAt: bigint('sent_at', { mode: 'number' }).notNull(),
    /** The table's: the origin wrote times in several forms. */
    sortKey: text('sort_key').notNull(),
    version: integer('version').notNull(),
    hasLink: boolean('has_link').notNull(),
    /** By `foldText`. Empty for a deleted message, whose row keeps late events from bringing its text back. */
    folded: text('folded').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.messageGroupUuid, table.messageUuid] }),
    index('search_messages_sender').on(table.senderUuid, table.sentAt),
    index('search_messages_recipient').on(table.recipientUuid, table.sentAt),
  ],
);

/** Up to which time a person has cleared a conversation. */
export const searchCleared = pgTable(
  'search_cleared',
  {
    userUuid: uuid('user_uuid').notNull(),
    messageGroupUuid: uuid('message_group_uuid').notNull(),
    /** Microseconds since 1970. */
    clearedThrough: bigint('cleared_through', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.userUuid, table.messageGroupUuid] })],
);

/**
 * A handle in lower case, compared by bytes: one index then serves equality, prefixes and sorting, and the order does not
 * depend on the database's locale.
 */
export function handleKey(handle: AnyPgColumn | SQL): SQL<string> {
  return sql<string>`lower(${handle}) collate "C"`;
}

/** Whether a row has a Cognito id. PostgreSQL uses the partial index only for the same expression. */
export function isKnownToCognito(cognitoUserId: AnyPgColumn): SQL {
  return sql`${cognitoUserId} <> ${sql.raw(`'${COGNITO_USER_ID_PLACEHOLDER}'`)}`;
}

/**
 * A user's searchable words as a tsvector: the handle and the words of the display name, folded. Words are split at white
 * space and also at punctuation: `Jean-Luc` has `jean-luc`, `jean` and `luc`. Built from an array, because the text
 * search parser treats e-mail addresses, numbers and emoji specially. Words of a tsvector have at most 2,046 bytes: hence
 * the first 200 characters.
 */
export function searchWords(table: { handle: AnyPgColumn; displayName: AnyPgColumn }): SQL {
  const name = sql`left(${folded(table.displayName)}, 200)`;
  const bySpace = sql`regexp_split_to_array(${name}, '[[:space:]]+')`;
  const byPunctuation = sql`regexp_split_to_array(${name}, '[[:space:][:punct:]]+')`;
  const handle = sql`left(${folded(table.handle)}, 200)`;
  return sql`array_to_tsvector(array_remove(${bySpace} || ${byPunctuation} || ${handle}, ''))`;
}

/** Apostrophes that people and phones type. */
export const APOSTROPHES = '’‘ʼʻ´`′';
/** Letters that Unicode does not decompose, and their replacements. */
const LETTERS = ['øłđħŧıς', 'oldhtiσ'] as const;
/** Accents of Latin, Greek and Cyrillic, and vowel points of Hebrew and Arabic. In other scripts, marks are letters. */
const ACCENTS = '[\\u0300-\\u036f\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u064b-\\u065f\\u0670]';

/**
 * Removes case, accents and width: `kovács` and `ＫＯＶＡＣＳ` become `kovacs`. Unlike `unaccent()` it is immutable, as an
 * index requires.
 */
export function folded(text: AnyPgColumn | SQL): SQL {
  const withApostrophes = sql`translate(${text}, ${literal(APOSTROPHES)}, ${literal("'".repeat(APOSTROPHES.length))})`;
  const withoutAccents = sql`regexp_replace(normalize(${withApostrophes}, NFKD), ${literal(ACCENTS)}, '', 'g')`;
  const plain = sql`translate(lower(${withoutAccents}), ${literal(LETTERS[0])}, ${literal(LETTERS[1])})`;
  return sql`replace(replace(replace(${plain}, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe')`;
}

/** A constant instead of a parameter: PostgreSQL uses an index only for the same expression. */
function literal(text: string): SQL {
  return sql.raw(`'${text.replaceAll("'", "''")}'`);
}
