import { COGNITO_USER_ID_PLACEHOLDER } from '@cruddur/config';
import { sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { findUserByCognitoId } from './find-users.ts';
import { HANDLE_INDEX, isKnownToCognito, users } from './schema.ts';
import { findDatabaseError, SQLSTATE } from './sql-error.ts';
import { type User, userColumns } from './user.ts';

/** A person who signed up. */
export interface NewUser {
  handle: string;
  displayName: string;
  email: string;
  /** The `sub` of their tokens. */
  cognitoUserId: string;
}

/** The handle belongs to somebody else. */
export class HandleTakenError extends Error {
  override name = 'HandleTakenError';
  readonly handle: string;

  constructor(handle: string) {
    super(`The handle ${handle} belongs to somebody else`);
    this.handle = handle;
  }
}

/**
 * Makes a person's row, or answers with the one that their Cognito id has already, as it is. Calls at the same time
 * for one Cognito id all get the same row.
 *
 * @throws {HandleTakenError} where the handle, whatever its case, is another's. A row that waits for its Cognito id
 *   under the placeholder counts as another's too: whoever signs up with its handle must not get its conversations.
 */
export async function createUser(db: Database, user: NewUser): Promise<User> {
  if (user.cognitoUserId === COGNITO_USER_ID_PLACEHOLDER) {
    throw new TypeError('A person is created with the id that Cognito gave, not with its placeholder');
  }
  try {
    const [row] = await db
      .insert(users)
      // A display name's words are compared as Unicode composes them; PostgreSQL keeps no NUL.
      .values({ ...user, displayName: user.displayName.normalize('NFC').replaceAll('\0', '') })
      .onConflictDoUpdate({
        target: users.cognitoUserId,
        targetWhere: isKnownToCognito(users.cognitoUserId),
        // Changes nothing; unlike DO NOTHING it returns a row that a call at the same moment has just made.
        set: { cognitoUserId: sql`excluded.cognito_user_id` },
      })
      .returning(userColumns);
    if (row === undefined) throw new Error('PostgreSQL returned no row for an upsert');
    return row;
  } catch (error) {
    if (!isHandleConflict(error)) throw error;
    // Of two calls for one Cognito id, the second may meet the first one's handle before its Cognito id.
    const existing = await findUserByCognitoId(db, user.cognitoUserId);
    if (existing !== undefined) return existing;
    throw new HandleTakenError(user.handle);
  }
}

function isHandleConflict(error: unknown): boolean {
  const cause = findDatabaseError(error);
  return cause?.code === SQLSTATE.uniqueViolation && cause.constraint === HANDLE_INDEX;
}
