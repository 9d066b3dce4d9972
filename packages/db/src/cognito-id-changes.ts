import { foldAsciiCase } from '@cruddur/config';
import type { User } from './user.ts';

/** An account of Cognito, as far as it says whose it is. */
export interface AccountClaim {
  /** The person's id, as in the `sub` claim of every token. */
  sub: string;
  /** The handle that the account claims; its owner may have chosen it. */
  handle: string | null;
  email: string | null;
  /** Whether Cognito has confirmed that the address is the owner's. */
  emailVerified: boolean;
}

/** A person's row as an operator's command sees it. */
export interface UserWithEmail extends User {
  email: string;
}

/** Why an account does not get the row of the handle that it claims. */
export type ClaimRefusal = 'email_unverified' | 'email_differs' | 'has_row' | 'ambiguous';

/** What a list of accounts means for the rows of people. */
export interface CognitoIdChanges {
  /** Rows that get the id of an account. */
  changes: { row: User; sub: string }[];
  /** Rows that have their id already. */
  unchanged: User[];
  /** Handles without a row; the id where an account has no handle. */
  unknown: string[];
  refused: { handle: string; sub: string; reason: ClaimRefusal }[];
}

/**
 * Decides which rows get which Cognito id. Anybody may sign up with any free handle, so a handle proves nothing: an
 * account gets the row of its handle only if its verified e-mail address is the row's, and if it has no row yet.
 *
 * @param rows - every row that has one of the accounts' handles or ids
 */
export function planCognitoIdChanges(
  rows: readonly UserWithEmail[],
  accounts: readonly AccountClaim[],
): CognitoIdChanges {
  const rowsByHandle = new Map(rows.map((row) => [foldAsciiCase(row.handle), row]));
  const rowsBySub = new Map(rows.map((row) => [row.cognitoUserId, row]));
  const plan: CognitoIdChanges = { changes: [], unchanged: [], unknown: [], refused: [] };
  const granted: CognitoIdChanges['changes'] = [];
  for (const account of new Map(accounts.map((each) => [each.sub, each])).values()) {
    const { sub } = account;
    const handle = account.handle ?? '';
    const row = rowsByHandle.get(foldAsciiCase(handle));
    const ownRow = rowsBySub.get(sub);
    if (ownRow && (row === undefined || row === ownRow)) plan.unchanged.push(ownRow);
    else if (row === undefined) plan.unknown.push(handle || sub);
    else {
      const reason = ownRow ? 'has_row' : emailRefusal(account, row);
      if (reason) plan.refused.push({ handle: row.handle, sub, reason });
      else granted.push({ row, sub });
    }
  }
  const claims = new Map<User, number>();
  for (const row of [...plan.unchanged, ...granted.map((each) => each.row)])
    claims.set(row, (claims.get(row) ?? 0) + 1);
  for (const { row, sub } of granted) {
    if (claims.get(row) === 1) plan.changes.push({ row, sub });
    else plan.refused.push({ handle: row.handle, sub, reason: 'ambiguous' });
  }
  return plan;
}

function emailRefusal({ email, emailVerified }: AccountClaim, row: UserWithEmail): ClaimRefusal | undefined {
  if (!email || !emailVerified) return 'email_unverified';
  return foldAsciiCase(email) === foldAsciiCase(row.email) ? undefined : 'email_differs';
}
