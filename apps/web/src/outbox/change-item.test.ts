import { describe, expect, it } from 'vitest';
import { makeDeletion, makeEdit, makeReaction } from '../testing.ts';
import { type ChangeItem, nextChange, parseChangeItem, untilDue } from './change-item.ts';

const nobodyHeld = () => false;
const next = (items: ChangeItem[], now = 0) => nextChange(items, nobodyHeld, now)?.id;
const other = { messageUuid: 'other', id: 'other:edit' };

describe('nextChange', () => {
  it('is the first one, unless its conversation waits', () => {
    expect(next([makeEdit(1), makeReaction(2)])).toBe('message-1:edit');
    const items = [makeEdit(1), makeEdit(2, { messageGroupUuid: 'two', id: 'two' })];
    expect(nextChange(items, (group) => group === 'group', 0)?.id).toBe('two');
  });

  it('skips what was refused or acknowledged', () => {
    const failure = { reason: 'edit_window_passed', permanent: true } as const;
    expect(next([makeEdit(1, { failure }), makeReaction(2)])).toBe('message-1:reaction:👍');
  });

  it('is no change of a message whose deletion waits, until the deletion is due', () => {
    const items = [makeEdit(1), makeDeletion(2), makeEdit(3, other)];
    expect(next(items, 5_001)).toBe('other:edit');
    expect(next(items, 5_002)).toBe('message-1:deletion');
  });
});

describe('untilDue', () => {
  it('is the time until the first deletion is sent', () => {
    expect(untilDue([makeEdit(1), makeDeletion(900), makeDeletion(500)], 1_000)).toBe(4_500);
    expect(untilDue([makeEdit(1), makeDeletion(1)], 9_000)).toBeUndefined();
  });
});

describe('parseChangeItem', () => {
  it('reads each kind back', () => {
    for (const item of [makeEdit(1), makeReaction(2), makeDeletion(3)]) {
      expect(parseChangeItem(JSON.stringify(item))).toEqual(item);
    }
  });

  it.each([
    ['nothing', null],
    ['a cut text', '{"id":'],
    ['an unknown kind', JSON.stringify({ ...makeEdit(1), kind: 'move' })],
    ['an edit without a text', JSON.stringify({ ...makeEdit(1), text: undefined })],
    ['a change without a time', JSON.stringify({ ...makeEdit(1), writtenAt: 'yesterday' })],
  ])('ignores %s', (_name, text) => {
    expect(parseChangeItem(text)).toBeNull();
  });
});
