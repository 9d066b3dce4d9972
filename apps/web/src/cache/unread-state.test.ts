import { describe, expect, it } from 'vitest';
import { at, makeMessage } from '../testing.ts';
import {
  applyCount,
  applyDeletion,
  applyMarker,
  applyMessage,
  type UnreadState,
  unreadCountOf,
} from './unread-state.ts';

/** A row's count; `through` and `readAt` in minutes. */
const row = (unreadCount: number, through: number, readAt: number | null = null) => ({
  unreadCount,
  unreadThrough: at(through),
  readAt: readAt === null ? null : at(readAt),
});
const counted = (...args: Parameters<typeof row>) => applyCount(undefined, row(...args));
const arrive = (state: UnreadState | undefined, minutes: number, isKnown = false) =>
  applyMessage(state, makeMessage(minutes), isKnown);

describe('messages that arrive', () => {
  it('are added to what the server counted, each once', () => {
    const once = arrive(counted(2, 10), 11);
    expect(unreadCountOf(once)).toBe(3);
    expect(arrive(once, 11)).toBe(once);
    expect(unreadCountOf(arrive(once, 12))).toBe(4);
  });

  it('are not counted if they were read already', () => {
    expect(unreadCountOf(arrive(counted(0, 5, 11), 11))).toBe(0);
  });

  it('need a recount if the server may have counted them', () => {
    const uncertain = arrive(counted(2, 10), 9);
    expect([unreadCountOf(uncertain), uncertain.needsRecount]).toEqual([2, 'message-9']);
    expect(arrive(counted(2, 10), 9, true).needsRecount).toBeNull();
    expect(applyCount(uncertain, row(3, 10))).toMatchObject({ unreadCount: 3, needsRecount: null });
  });

  it('are counted in a group that is not loaded, which needs a recount', () => {
    const state = arrive(arrive(undefined, 11), 12);
    expect([unreadCountOf(state), state.needsRecount]).toEqual([2, 'message-11']);
    expect(unreadCountOf(applyCount(state, row(7, 12)))).toBe(7);
  });

  it('beyond 99 are not counted', () => {
    expect(unreadCountOf(arrive(arrive(counted(99, 10), 11), 12))).toBe(100);
  });
});

describe('the person’s own marker', () => {
  it('leaves nothing unread if it reaches the newest message', () => {
    expect(unreadCountOf(applyMarker(arrive(counted(2, 10), 11), at(11)))).toBe(0);
  });

  it('leaves the messages after it', () => {
    const state = arrive(arrive(counted(2, 10), 11), 12);
    expect(unreadCountOf(applyMarker(state, at(10)))).toBe(2);
    expect(unreadCountOf(applyMarker(state, at(11)))).toBe(1);
    expect(applyMarker(state, at(11)).needsRecount).toBeNull();
  });

  it('needs a recount if it is among the messages that the server counted', () => {
    const state = applyMarker(counted(3, 10, 5), at(8));
    expect(state.needsRecount).toBe(at(8));
    expect(applyMarker(counted(0, 10, 5), at(8)).needsRecount).toBeNull();
    expect(applyCount(state, row(1, 10, 8))).toMatchObject({ unreadCount: 1, needsRecount: null });
  });

  it('never moves backwards', () => {
    const state = applyMarker(counted(2, 10), at(10));
    expect(applyMarker(state, at(9))).toBe(state);
    expect(unreadCountOf(arrive(state, 10))).toBe(0);
  });
});

describe('a row of the list', () => {
  it('that is older than a marker does not bring back what the marker cleared', () => {
    const marked = applyMarker(counted(3, 10, 5), at(10));
    expect(unreadCountOf(applyCount(marked, row(3, 10, 5)))).toBe(0);
  });

  it('that is older than a message does not remove it, and one that counted it does not double it', () => {
    const state = arrive(counted(1, 10), 11);
    expect(unreadCountOf(applyCount(state, row(1, 10)))).toBe(2);
    expect(unreadCountOf(applyCount(state, row(2, 11)))).toBe(2);
  });

  it('with an older count still applies its later marker', () => {
    expect(unreadCountOf(applyCount(counted(2, 10, 5), row(0, 9, 10)))).toBe(0);
  });

  it('read between two markers needs a recount', () => {
    const marked = applyMarker(counted(9, 10, 2), at(6));
    expect(applyCount(marked, row(8, 11, 4))).toMatchObject({ readAt: at(6), needsRecount: at(6) });
  });
});

describe('a deletion', () => {
  const erase = (state: UnreadState | undefined, minutes: number, isCounted = true) =>
    applyDeletion(state, makeMessage(minutes), isCounted);

  it('takes out a message that arrived, or one that the server counted, and then has the server count again', () => {
    const state = arrive(counted(2, 10), 11);
    expect(erase(state, 11)).toMatchObject({ unreadCount: 2, arrived: [], needsRecount: null });
    expect([unreadCountOf(erase(state, 9)), erase(state, 9).needsRecount]).toEqual([2, 'message-9']);
  });

  it('changes nothing if the message was read, or is newer than the count', () => {
    const state = counted(2, 10, 5);
    for (const minutes of [4, 5, 12]) expect(erase(state, minutes)).toBe(state);
    expect(erase(counted(0, 10), 9).unreadCount).toBe(0);
  });

  it('is not undone by a count that does not know of it yet, and asks until one does', () => {
    const state = erase(erase(counted(3, 10), 9), 8);
    const behind = applyCount(applyCount(state, row(3, 10)), row(2, 10));
    expect([unreadCountOf(behind), behind.needsRecount]).toEqual([1, 'deletion 2']);
    expect(applyCount(behind, row(1, 10))).toMatchObject({ unreadCount: 1, needsRecount: null, deleted: 0 });
    // A row with another marker has another count.
    expect(applyCount(state, row(3, 10, 2)).unreadCount).toBe(3);
  });

  it('is not undone by a count with newer messages either', () => {
    const state = arrive(erase(counted(3, 10), 9), 11);
    expect(unreadCountOf(applyCount(state, row(4, 11)))).toBe(3);
    expect(applyCount(state, row(3, 11))).toMatchObject({ unreadCount: 3, deleted: 0 });
  });

  it('leaves no badge behind: the server’s number counts in the end, and at once if it cannot be explained', () => {
    let state = erase(counted(3, 10), 9);
    expect(unreadCountOf(applyCount(state, row(7, 10)))).toBe(7);
    for (let count = 0; count < 6; count++) state = applyCount(state, row(3, 10));
    expect(state).toMatchObject({ unreadCount: 3, needsRecount: null });
    expect(applyCount(erase(counted(3, 10), 9), row(0, 10))).toMatchObject({ unreadCount: 0, needsRecount: null });
  });

  it('is forgotten when a marker clears the count', () => {
    expect(applyMarker(erase(counted(3, 10), 9), at(10))).toMatchObject({ unreadCount: 0, deleted: 0 });
  });

  it('has the server count if the number or the group is not known, or a count may know of it', () => {
    expect(erase(counted(100, 10), 9)).toMatchObject({ unreadCount: 100, needsRecount: 'message-9' });
    expect(erase(counted(2, 10), 9, false)).toMatchObject({ unreadCount: 2, needsRecount: 'message-9' });
    expect(erase(undefined, 9)).toMatchObject({ unreadCount: 0, needsRecount: 'message-9' });
  });
});

describe('count, arrivals and marker in any order', () => {
  it('have the same result', () => {
    const steps: ((state: UnreadState) => UnreadState)[] = [
      (state) => arrive(state, 11),
      (state) => arrive(state, 12),
      (state) => arrive(state, 11),
      (state) => applyMarker(state, at(11)),
      (state) => applyCount(state, row(3, 11, 5)),
    ];
    const orders = permutations(steps);
    expect(orders).toHaveLength(120);
    for (const order of orders) {
      const end = order.reduce((state, step) => step(state), counted(2, 10, 5));
      expect([unreadCountOf(end), end.needsRecount]).toEqual([1, null]);
    }
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}
