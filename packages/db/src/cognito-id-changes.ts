import type { User } from './user.ts';

/** An account of Cognito. */
export interface CognitoAccount {
  /** Its `preferred_username`. */
  handle: string | null;
  sub: string;
}

/** A person's row, and the Cognito id that it gets. */
export interface CognitoIdChange {
  uuid: string;
  handle: string;
  cognitoUserId: string;
}

/** What a list of accounts means for the rows of people. */
export interface CognitoIdChanges {
  /** Rows that get another id. */
  changes: CognitoIdChange[];
  /** Rows that have their id already. */
  unchanged: User[];
  /** Rows whose id goes to another, while none comes for them. */
  released: User[];
  /** Handles without a row; the id where an account has no handle. */
  unknown: string[];
  /** Handles that several accounts claim, or one account beside another handle: nobody can say whose they are. */
  ambiguous: string[];
}

/**
 * Works out which rows get which Cognito id.
 *
 * @param rows - every row that has one of the accounts' handles or ids
 */
export function planCognitoIdChanges(rows: readonly User[], accounts: readonly CognitoAccount[]): CognitoIdChanges {
  const rowsByHandle = new Map(rows.map((row) => [row.handle.toLowerCase(), row]));
  const plan: CognitoIdChanges = { changes: [], unchanged: [], released: [], unknown: [], ambiguous: [] };
  const claims = new Map<string, { handle: string; subs: Set<string> }>();
  const handlesOf = new Map<string, Set<string>>();
  for (const { handle, sub } of accounts) {
    if (handle === null || handle === '') {
      plan.unknown.push(sub);
      continue;
    }
    const key = handle.toLowerCase();
    setDefault(claims, key, () => ({ handle, subs: new Set<string>() })).subs.add(sub);
    setDefault(handlesOf, sub, () => new Set<string>()).add(key);
  }
  for (const [key, { handle, subs }] of claims) {
    const [sub, ...others] = subs;
    const row = rowsByHandle.get(key);
    if (sub === undefined || others.length > 0 || handlesOf.get(sub)?.size !== 1) plan.ambiguous.push(handle);
    else if (row === undefined) plan.unknown.push(handle);
    else if (row.cognitoUserId === sub) plan.unchanged.push(row);
    else plan.changes.push({ uuid: row.uuid, handle: row.handle, cognitoUserId: sub });
  }
  const changed = new Set(plan.changes.map(({ uuid }) => uuid));
  const given = new Set(plan.changes.map(({ cognitoUserId }) => cognitoUserId));
  plan.released = rows.filter((row) => given.has(row.cognitoUserId) && !changed.has(row.uuid));
  return plan;
}

function setDefault<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
