import { describe, expect, it } from 'vitest';
import { planCognitoIdChanges } from './cognito-id-changes.ts';
import type { User } from './user.ts';

function row(handle: string, cognitoUserId: string): User {
  return { uuid: `uuid-of-${handle}`, handle, displayName: handle, cognitoUserId };
}

describe('planCognitoIdChanges', () => {
  it('changes what differs, whatever the case of the handle', () => {
    const ann = row('Ann', 'MOCK');
    const bob = row('bob', 'b');
    const plan = planCognitoIdChanges(
      [ann, bob],
      [
        { handle: 'ANN', sub: 'a' },
        { handle: 'bob', sub: 'b' },
      ],
    );
    expect(plan).toEqual({
      changes: [{ uuid: ann.uuid, handle: 'Ann', cognitoUserId: 'a' }],
      unchanged: [bob],
      released: [],
      unknown: [],
      ambiguous: [],
    });
  });

  it('releases the row whose id goes to another, unless it gets one itself', () => {
    const rows = [row('ann', 'a'), row('bob', 'b'), row('old', 'c')];
    const plan = planCognitoIdChanges(rows, [
      { handle: 'ann', sub: 'b' },
      { handle: 'bob', sub: 'c' },
    ]);
    expect(plan.changes.map(({ handle, cognitoUserId }) => [handle, cognitoUserId])).toEqual([
      ['ann', 'b'],
      ['bob', 'c'],
    ]);
    expect(plan.released.map(({ handle }) => handle)).toEqual(['old']);
  });

  it('does not choose between accounts that claim one handle, nor between handles of one account', () => {
    const plan = planCognitoIdChanges(
      [row('ann', 'a'), row('bob', 'MOCK'), row('cat', 'MOCK')],
      [
        { handle: 'ann', sub: 'a' },
        { handle: 'Ann', sub: 'x' },
        { handle: 'bob', sub: 'b' },
        { handle: 'cat', sub: 'b' },
      ],
    );
    expect(plan).toMatchObject({ changes: [], unchanged: [], released: [], ambiguous: ['ann', 'bob', 'cat'] });
  });

  it('takes the same account twice for once', () => {
    const account = { handle: 'ann', sub: 'a' };
    expect(planCognitoIdChanges([row('ann', 'MOCK')], [account, account]).changes).toHaveLength(1);
  });

  it('reports handles without a row, and accounts without a handle by their id', () => {
    const accounts = [
      { handle: 'nobody', sub: 'n' },
      { handle: null, sub: 'no-handle' },
      { handle: '', sub: 'empty' },
    ];
    expect(planCognitoIdChanges([], accounts).unknown).toEqual(['no-handle', 'empty', 'nobody']);
  });
});
