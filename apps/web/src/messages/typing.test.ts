import { describe, expect, it } from 'vitest';
import { isSignalDue } from './typing.tsx';

const group = { messageGroupUuid: 'group' };
const last = { ...group, at: 10_000 };

describe('isSignalDue', () => {
  it('signals the first letter at once, and then every three seconds', () => {
    expect(isSignalDue(null, { ...group, at: 10_000 }, 'a')).toBe(true);
    expect(isSignalDue(last, { ...group, at: 12_999 }, 'ab')).toBe(false);
    expect(isSignalDue(last, { ...group, at: 13_000 }, 'abc')).toBe(true);
  });

  it('does not signal when the form is emptied', () => {
    expect(isSignalDue(null, { ...group, at: 10_000 }, ' \n')).toBe(false);
  });

  it('does not make one conversation wait for another', () => {
    expect(isSignalDue(last, { messageGroupUuid: 'other', at: 10_001 }, 'a')).toBe(true);
  });
});
