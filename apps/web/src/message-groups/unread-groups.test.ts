import { describe, expect, it } from 'vitest';
import { takeArrival, takeCount } from '../cache/unread-state.ts';
import { at, makeGroup, makeMessage } from '../testing.ts';
import { countUnread, withoutGroup } from './unread-groups.ts';

const group = (uuid: string, unreadCount: number) => makeGroup(uuid, 10, { unreadCount, unreadThrough: at(10) });

describe('countUnread', () => {
  it('counts messages by group, and groups in all, from the rows and from what came since', () => {
    const [a, b, c] = [group('a', 2), group('b', 0), group('c', 0)];
    const readings = { b: takeArrival(takeCount(undefined, b), makeMessage(11, { messageGroupUuid: 'b' }), false) };
    const { counts, total } = countUnread([a, b, c], readings, []);
    expect([...counts]).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect(total).toBe(2);
  });

  it('adds the groups that are not loaded, as the server says, and counts a loaded one by what is known here', () => {
    const groups = [group('a', 2), group('b', 0)];
    expect(countUnread(groups, {}, ['a', 'b', 'c', 'd']).total).toBe(3);
    // The same, however much of the list is loaded.
    expect(countUnread([...groups, group('c', 7)], {}, ['a', 'b', 'c', 'd']).total).toBe(3);
  });
});

describe('withoutGroup', () => {
  it('leaves one group out, if there is something unread in it', () => {
    const unread = countUnread([group('a', 2), group('b', 1), group('c', 0)], {}, ['d']);
    expect(withoutGroup(unread, 'a')).toEqual({ counts: new Map([['b', 1]]), total: 2 });
    expect(withoutGroup(unread, 'c')).toBe(unread);
  });
});
