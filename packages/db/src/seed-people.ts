import { COGNITO_USER_ID_PLACEHOLDER } from '@cruddur/config';
import { SEEDED_PEOPLE } from '@cruddur/config/seed';
import type { Database } from './client.ts';
import { listUsersByHandle } from './find-users.ts';
import { users } from './schema.ts';
import type { User } from './user.ts';

/**
 * Makes the rows of {@link SEEDED_PEOPLE} that are missing, without a Cognito id yet; those that exist stay as they are.
 *
 * @returns the rows, in the order of their handles
 */
export async function seedPeople(db: Database): Promise<User[]> {
  const people = SEEDED_PEOPLE.map((person) => ({ ...person, cognitoUserId: COGNITO_USER_ID_PLACEHOLDER }));
  await db.insert(users).values(people).onConflictDoNothing();
  return await listUsersByHandle(
    db,
    people.map(({ handle }) => handle),
  );
}
