import { describe, expect, it } from 'vitest';
import { at, makeGroup, makeMessage } from '../testing.ts';
import { takeArrival, takeCount } from './reading.ts';
import { countUnread } from './unread-groups.ts';

const group = (uuid: string, unreadCount: number) => makeGroup(uuid, 10, { unreadCount, unreadThrough: at(10) });

describe('countUnread', () => {
  it('counts by group and in all, from the rows and from what came since', () => {
    const [a, b, c] = [group('a', 2), group('b', 0), group('c', 0)];
    const readings = { b: takeArrival(takeCount(undefined, b), makeMessage(11, { messageGroupUuid: 'b' }), false) };
    const { counts, total } = countUnread([a, b, c], readings, undefined);
    expect([...counts]).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect(total).toBe(3);
  });

  it('counts nothing in the group that is being read', () => {
    expect(countUnread([group('a', 2), group('b', 1)], {}, 'a')).toMatchObject({ total: 1 });
  });
});
