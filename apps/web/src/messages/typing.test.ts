import { describe, expect, it } from 'vitest';
import { isSignalDue } from './typing.tsx';

const group = { messageGroupUuid: 'group' };
const last = { ...group, at: 10_000 };

describe('isSignalDue', () => {
  it('signals the first letter at once, and then every three seconds', () => {
    expect(isSignalDue(null, group, 'a', 10_000)).toBe(true);
    expect(isSignalDue(last, group, 'ab', 12_999)).toBe(false);
    expect(isSignalDue(last, group, 'abc', 13_000)).toBe(true);
  });

  it('is silent about a form that is emptied', () => {
    expect(isSignalDue(null, group, ' \n', 10_000)).toBe(false);
  });

  it('does not make one conversation wait for another', () => {
    expect(isSignalDue(last, { messageGroupUuid: 'other' }, 'a', 10_001)).toBe(true);
  });
});
