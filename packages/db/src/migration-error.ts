import { type SQL, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { COGNITO_USER_ID_INDEX, HANDLE_INDEX, handleKey, isKnownToCognito, users } from './schema.ts';
import { findDatabaseError, SQLSTATE } from './sql-error.ts';

/** Most rows that a {@link MigrationError} names. */
const NAMED_ROWS = 20;

/** A database that cannot be migrated until somebody has looked at its rows; the message says at which. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

/** Turns a migration's failure over rows that are not unique into an error that names them; passes on any other. */
export async function explainMigrationFailure(db: Database, error: unknown): Promise<unknown> {
  const cause = findDatabaseError(error);
  if (cause?.code !== SQLSTATE.uniqueViolation) return error;
  if (cause.constraint === HANDLE_INDEX) {
    const rows = await nameDuplicates(db, handleKey(users.handle), sql`true`);
    return new MigrationError(
      `A handle belongs to one user whatever its case, but public.users holds ${rows}: rename all but one of each.`,
      { cause: error },
    );
  }
  if (cause.constraint === COGNITO_USER_ID_INDEX) {
    const rows = await nameDuplicates(db, users.cognitoUserId, isKnownToCognito(users.cognitoUserId));
    return new MigrationError(
      `A Cognito id belongs to one user, but public.users has the same one in ${rows}: leave it to one of each.`,
      { cause: error },
    );
  }
  return error;
}

async function nameDuplicates(db: Database, key: SQL | typeof users.cognitoUserId, condition: SQL): Promise<string> {
  const duplicates = sql`select ${key} as key from ${users} where ${condition} group by 1 having count(*) > 1`;
  const rows = await db
    .select({ handle: users.handle, uuid: users.uuid, total: sql<number>`count(*) over ()::int` })
    .from(users)
    .where(sql`${key} in (${duplicates})`)
    .orderBy(key, users.createdAt, sql`${users.handle} collate "C"`, users.uuid)
    .limit(NAMED_ROWS);
  const more = (rows[0]?.total ?? 0) - rows.length;
  const named = rows.map(({ handle, uuid }) => `"${handle}" (uuid ${uuid})`);
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}
