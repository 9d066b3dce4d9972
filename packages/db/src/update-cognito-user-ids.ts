import { COGNITO_USER_ID_PLACEHOLDER } from '@cruddur/config';
import { sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import {
  type AccountClaim,
  type CognitoIdChanges,
  planCognitoIdChanges,
  type UserWithEmail,
} from './cognito-id-changes.ts';
import { isStorable } from './find-users.ts';
import { handleKey, isKnownToCognito, users } from './schema.ts';
import { userColumns } from './user.ts';

/** What became of the accounts, by handle as the row spells it, or else as Cognito does. */
export interface CognitoIdsReport {
  updated: string[];
  unchanged: string[];
  /** No row has the handle; or the account's id, where it has no handle. */
  unknown: string[];
  /** Accounts that claim a handle which is not shown to be theirs: their rows stay as they are. */
  refused: CognitoIdChanges['refused'];
}

/**
 * Writes the ids of Cognito accounts to the rows of their people, in one transaction. Which account gets which row:
 * {@link planCognitoIdChanges}.
 *
 * A large pool takes longer than a request may: open the database with longer time-outs.
 *
 * @param accounts - such as those of Cognito's `ListUsers`
 */
export async function updateCognitoUserIds(
  db: Database,
  accounts: AsyncIterable<AccountClaim> | Iterable<AccountClaim>,
): Promise<CognitoIdsReport> {
  const known: AccountClaim[] = [];
  for await (const account of accounts) {
    const { handle, sub } = account;
    if (sub === COGNITO_USER_ID_PLACEHOLDER || !isStorable(sub)) throw new TypeError(`No Cognito id: ${sub}`);
    known.push({ ...account, handle: handle === null || isStorable(handle) ? handle : null });
  }
  return await db.transaction(async (tx) => {
    // No one signs up meanwhile; reading goes on.
    await tx.execute(sql`lock table ${users} in share row exclusive mode`);
    const plan = planCognitoIdChanges(await selectConcerned(tx, known), known);
    await writeCognitoIds(tx, plan.changes);
    return {
      updated: plan.changes.map(({ row }) => row.handle),
      unchanged: plan.unchanged.map(({ handle }) => handle),
      unknown: plan.unknown,
      refused: plan.refused,
    };
  });
}

/** The rows that have one of the accounts' handles, and those that have one of their ids. */
async function selectConcerned(tx: Database, accounts: readonly AccountClaim[]): Promise<UserWithEmail[]> {
  const handles = sql.param(accounts.map(({ handle }) => handle ?? ''));
  const subs = sql.param(accounts.map(({ sub }) => sub));
  return await tx
    .select({ ...userColumns, email: users.email })
    .from(users)
    .where(
      sql`${handleKey(users.handle)} = any(array(select lower(h) from unnest(${handles}::text[]) as asked(h)))
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
