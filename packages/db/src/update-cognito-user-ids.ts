import { COGNITO_USER_ID_PLACEHOLDER } from '@cruddur/config';
import { sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import {
  type AccountClaim,
  type CognitoIdChanges,
  planCognitoIdChanges,
  type UserWithEmail,
} from './cognito-id-changes.ts';
import { isStorable, userColumns } from './find-users.ts';
import { handleKey, isKnownToCognito, users } from './schema.ts';

/** The changes by handle, spelled as in the row, or as in Cognito if there is no row. */
export interface CognitoIdsReport extends Pick<CognitoIdChanges, 'unknown' | 'refused'> {
  updated: string[];
  unchanged: string[];
}

/**
 * Writes the ids of Cognito accounts to their users' rows in one transaction, as {@link planCognitoIdChanges} decides.
 * A large pool takes longer than a request: open the database with longer time-outs.
 *
 * @param accounts - all accounts of the pool
 * @throws {TypeError} for a `sub` that is the placeholder or has a NUL
 */
export async function updateCognitoUserIds(
  db: Database,
  accounts: AsyncIterable<AccountClaim> | Iterable<AccountClaim>,
): Promise<CognitoIdsReport> {
  const known: AccountClaim[] = [];
  for await (const account of accounts) {
    const { handle, sub } = account;
    if (sub === COGNITO_USER_ID_PLACEHOLDER || !isStorable(sub)) throw new TypeError(`Not a Cognito id: ${sub}`);
    known.push({ ...account, handle: handle === null || isStorable(handle) ? handle : null });
  }
  return await db.transaction(async (tx) => {
    // Blocks sign-ups, but not reads.
    await tx.execute(sql`lock table ${users} in share row exclusive mode`);
    const plan = planCognitoIdChanges(await selectClaimedRows(tx, known), known);
    await writeCognitoIds(tx, plan.changes);
    return {
      updated: plan.changes.map(({ row }) => row.handle),
      unchanged: plan.unchanged.map(({ handle }) => handle),
      unknown: plan.unknown,
      refused: plan.refused,
    };
  });
}

async function selectClaimedRows(tx: Database, accounts: readonly AccountClaim[]): Promise<UserWithEmail[]> {
  const handles = sql.param(accounts.map(({ handle }) => handle ?? ''));
  const subs = sql.param(accounts.map(({ sub }) => sub));
  return await tx
    .select({ ...userColumns, email: users.email })
    .from(users)
    .where(
      sql`${handleKey(users.handle)} = any(array(select lower(h) from unnest(${handles}::text[]) as requested(h)))
        or (${users.cognitoUserId} = any(${subs}::text[]) and ${isKnownToCognito(users.cognitoUserId)})`,
    );
}

async function writeCognitoIds(tx: Database, changes: CognitoIdChanges['changes']): Promise<void> {
  const uuids = sql.param(changes.map(({ row }) => row.uuid));
  const ids = sql.param(changes.map(({ sub }) => sub));
  await tx
    .update(users)
    .set({ cognitoUserId: sql`change.cognito_user_id` })
    .from(sql`unnest(${uuids}::uuid[], ${ids}::text[]) as change(uuid, cognito_user_id)`)
    .where(sql`${users.uuid} = change.uuid`);
}
