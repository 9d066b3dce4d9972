import { eq } from 'drizzle-orm';
import type { Database } from './client.ts';
import { type UserShort, userShortColumns } from './find-users.ts';
import { users } from './schema.ts';

/** What the database has of a person, for the person. */
export interface Account extends UserShort {
  email: string;
  createdAt: Date;
}

/** Finds a person's account; `undefined` if the row is gone. */
export async function findAccount(db: Database, userUuid: string): Promise<Account | undefined> {
  const columns = { ...userShortColumns, email: users.email, createdAt: users.createdAt };
  const [account] = await db.select(columns).from(users).where(eq(users.uuid, userUuid));
  return account;
}
