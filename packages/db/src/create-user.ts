import { COGNITO_USER_ID_PLACEHOLDER } from '@cruddur/config';
import { SEEDED_PEOPLE } from '@cruddur/config/seed';
import { sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { findDatabaseError, SQLSTATE } from './errors.ts';
import { findUserByCognitoId, listUsersByHandle, type User, userColumns } from './find-users.ts';
import { HANDLE_INDEX, isKnownToCognito, users } from './schema.ts';

/** A user who signed up. */
export interface NewUser extends Omit<User, 'uuid'> {
  email: string;
}

export class HandleTakenError extends Error {
  override name = 'HandleTakenError';
}

/**
 * Creates a user, or returns the existing row of the Cognito id unchanged. Concurrent calls for one Cognito id return the
 * same row.
 *
 * @throws {HandleTakenError} if another row has the handle, regardless of case. That includes a row with the placeholder:
 *   signing up with its handle must not grant access to its conversations.
 */
export async function createUser(db: Database, user: NewUser): Promise<User> {
  if (user.cognitoUserId === COGNITO_USER_ID_PLACEHOLDER) {
    throw new TypeError('A user must be created with a Cognito id, not the placeholder');
  }
  try {
    const [row] = await db
      .insert(users)
      // Searches compare composed Unicode. PostgreSQL cannot store NUL.
      .values({ ...user, displayName: user.displayName.normalize('NFC').replaceAll('\0', '') })
      .onConflictDoUpdate({
        target: users.cognitoUserId,
        targetWhere: isKnownToCognito(users.cognitoUserId),
        // Changes nothing, but unlike DO NOTHING it returns the row of a concurrent call.
        set: { cognitoUserId: sql`excluded.cognito_user_id` },
      })
      .returning(userColumns);
    if (row === undefined) throw new Error('PostgreSQL returned no row for an upsert');
    return row;
  } catch (error) {
    if (!isHandleConflict(error)) throw error;
    // A concurrent call for the same Cognito id can conflict on the handle first.
    const existing = await findUserByCognitoId(db, user.cognitoUserId);
    if (existing !== undefined) return existing;
    throw new HandleTakenError(`The handle ${user.handle} is taken`);
  }
}

function isHandleConflict(error: unknown): boolean {
  const cause = findDatabaseError(error);
  return cause?.code === SQLSTATE.uniqueViolation && cause.constraint === HANDLE_INDEX;
}

/**
 * Creates the missing rows of {@link SEEDED_PEOPLE}, without Cognito ids. Existing rows stay as they are.
 *
 * @returns all rows, sorted by handle
 */
export async function seedPeople(db: Database): Promise<User[]> {
  const people = SEEDED_PEOPLE.map((person) => ({ ...person, cognitoUserId: COGNITO_USER_ID_PLACEHOLDER }));
  await db.insert(users).values(people).onConflictDoNothing();
  return await listUsersByHandle(
    db,
    people.map(({ handle }) => handle),
  );
}
