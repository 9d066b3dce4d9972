import { describe, expect, it } from 'vitest';
import { type AccountClaim, planCognitoIdChanges, type UserWithEmail } from './cognito-id-changes.ts';

function row(handle: string, cognitoUserId: string): UserWithEmail {
  const email = `${handle}@x.example`;
  return { uuid: `uuid-of-${handle}`, handle, displayName: handle, email, cognitoUserId };
}

function account(handle: string, sub: string, overrides: Partial<AccountClaim> = {}): AccountClaim {
  return { handle, sub, email: `${handle}@x.example`, emailVerified: true, ...overrides };
}

const NOTHING = { changes: [], unchanged: [], unknown: [], refused: [] };

describe('planCognitoIdChanges', () => {
  it('links a row to the account with its handle and verified address, ignoring case', () => {
    const [ann, bob, old] = [row('Ann', 'MOCK'), row('bob', 'b'), row('old', 'gone')];
    expect(
      planCognitoIdChanges([ann, bob, old], [account('ANN', 'a'), account('bob', 'b'), account('old', 'o')]),
    ).toEqual({
      ...NOTHING,
      changes: [
        { row: ann, sub: 'a' },
        { row: old, sub: 'o' },
      ],
      unchanged: [bob],
    });
  });

  it.each<[string, Partial<AccountClaim>]>([
    ['email_differs', { email: 'eve@x.example' }],
    ['email_differs', { email: '\u212ann@x.example' }],
    ['email_unverified', { emailVerified: false }],
    ['email_unverified', { email: null }],
  ])('refuses a claim by handle only: %s', (reason, overrides) => {
    expect(planCognitoIdChanges([row('knn', 'MOCK')], [account('knn', 'e', overrides)])).toEqual({
      ...NOTHING,
      refused: [{ handle: 'knn', sub: 'e', reason }],
    });
  });

  it('refuses an account that already has a row, and keeps that row', () => {
    const rows = [row('legacy', 'MOCK'), row('eve', 'e')];
    expect(planCognitoIdChanges(rows, [account('legacy', 'e')])).toEqual({
      ...NOTHING,
      refused: [{ handle: 'legacy', sub: 'e', reason: 'has_row' }],
    });
  });

  it('neither chooses between accounts nor takes a row from its account', () => {
    const rows = [row('ann', 'a'), row('bob', 'MOCK')];
    const claims = [account('ann', 'a'), account('ann', 'x'), account('bob', 'b'), account('bob', 'c')];
    const refused = [
      ['ann', 'x'],
      ['bob', 'b'],
      ['bob', 'c'],
    ].map(([handle, sub]) => ({ handle, sub, reason: 'ambiguous' }));
    expect(planCognitoIdChanges(rows, claims)).toEqual({ ...NOTHING, unchanged: [rows[0]], refused });
  });

  it('counts the same account once', () => {
    expect(planCognitoIdChanges([row('ann', 'MOCK')], [account('ann', 'a'), account('ann', 'a')]).changes).toHaveLength(
      1,
    );
  });

  it('reports handles without a row, and accounts without a handle by their id', () => {
    const claims = [account('unknown', 'n'), account('', 'empty'), { ...account('', 'none'), handle: null }];
    expect(planCognitoIdChanges([], claims).unknown).toEqual(['unknown', 'empty', 'none']);
  });
});
