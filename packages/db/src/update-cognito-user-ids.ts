import { COGNITO_USER_ID_PLACEHOLDER } from '@cruddur/config';
import { sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { type CognitoAccount, type CognitoIdChange, planCognitoIdChanges } from './cognito-id-changes.ts';
import { isStorable } from './find-users.ts';
import { handleKey, isKnownToCognito, users } from './schema.ts';
import { type User, userColumns } from './user.ts';

/** What became of the accounts, by handle as the row spells it, or else as Cognito does. */
export interface CognitoIdsReport {
  updated: string[];
  unchanged: string[];
  /** No row has the handle; or the account's id, where it has no handle. */
  unknown: string[];
  /** Several accounts claim the handle: left as it was. */
  ambiguous: string[];
  /** The row's id now belongs to another; it has the placeholder until Cognito knows its handle again. */
  released: string[];
}

/**
 * Gives each person the id of the Cognito account of their handle, in one transaction: ids may be swapped between
 * people. For operators: whoever may set a handle in Cognito decides whose account it is.
 *
 * A large pool takes longer than a request may: open the database with longer time-outs.
 *
 * @param accounts - from Cognito's `ListUsers`, say
 */
export async function updateCognitoUserIds(
  db: Database,
  accounts: AsyncIterable<CognitoAccount> | Iterable<CognitoAccount>,
): Promise<CognitoIdsReport> {
  const known: CognitoAccount[] = [];
  for await (const { handle, sub } of accounts) {
    if (sub === COGNITO_USER_ID_PLACEHOLDER || !isStorable(sub)) throw new TypeError(`No Cognito id: ${sub}`);
    known.push({ handle: handle === null || isStorable(handle) ? handle : null, sub });
  }
  return await db.transaction(async (tx) => {
    // Nobody signs up in between; reading goes on.
    await tx.execute(sql`lock table ${users} in share row exclusive mode`);
    const plan = planCognitoIdChanges(await selectConcerned(tx, known), known);
    const placeholders = [...plan.changes, ...plan.released].map(({ uuid, handle }) => ({
      uuid,
      handle,
      cognitoUserId: COGNITO_USER_ID_PLACEHOLDER,
    }));
    // In two steps: a unique index is checked row by row, and a swap would run into itself.
    await writeCognitoIds(tx, placeholders);
    await writeCognitoIds(tx, plan.changes);
    return {
      updated: plan.changes.map(({ handle }) => handle),
      unchanged: plan.unchanged.map(({ handle }) => handle),
      unknown: plan.unknown,
      ambiguous: plan.ambiguous,
      released: plan.released.map(({ handle }) => handle),
    };
  });
}

/** The rows that have one of the accounts' handles, and those that have one of their ids. */
async function selectConcerned(tx: Database, accounts: readonly CognitoAccount[]): Promise<User[]> {
  const handles = sql.param(accounts.map(({ handle }) => handle ?? ''));
  const subs = sql.param(accounts.map(({ sub }) => sub));
  return await tx
    .select(userColumns)
    .from(users)
    .where(
      sql`${handleKey(users.handle)} = any(array(select lower(h) from unnest(${handles}::text[]) as asked(h)))
        or (${users.cognitoUserId} = any(${subs}::text[]) and ${isKnownToCognito(users.cognitoUserId)})`,
    );
}

async function writeCognitoIds(tx: Database, changes: readonly CognitoIdChange[]): Promise<void> {
  const uuids = sql.param(changes.map(({ uuid }) => uuid));
  const ids = sql.param(changes.map(({ cognitoUserId }) => cognitoUserId));
  await tx
    .update(users)
    .set({ cognitoUserId: sql`change.cognito_user_id` })
    .from(sql`unnest(${uuids}::uuid[], ${ids}::text[]) as change(uuid, cognito_user_id)`)
    .where(sql`${users.uuid} = change.uuid`);
}
