import { foldAsciiCase } from '@cruddur/config';
import type { User } from './find-users.ts';

/** A Cognito account and the identity that it claims. */
export interface AccountClaim {
  sub: string;
  /** May have been chosen by the account's owner. */
  handle: string | null;
  email: string | null;
  emailVerified: boolean;
}

export interface UserWithEmail extends User {
  email: string;
}

/** Why an account is not linked to the row with its handle. */
export type ClaimRefusal = 'email_unverified' | 'email_differs' | 'has_row' | 'ambiguous';

export interface CognitoIdChanges {
  changes: { row: User; sub: string }[];
  /** Rows that already have their id. */
  unchanged: User[];
  /** Handles without a row, or the `sub` if an account has no handle. */
  unknown: string[];
  refused: { handle: string; sub: string; reason: ClaimRefusal }[];
}

/**
 * Decides which rows get which Cognito id. Anyone can sign up with any free handle, so a handle proves nothing: the
 * account's verified e-mail address must be the row's, and the account must not have another row.
 *
 * @param rows - every row with one of the accounts' handles or ids
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
