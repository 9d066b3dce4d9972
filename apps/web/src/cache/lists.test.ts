import { DEFAULT_GROUP_STATE } from '@cruddur/config';
import { describe, expect, it } from 'vitest';
import { at, makeGroup, makeMessage, range } from '../testing.ts';
import type { GroupState } from './group-state.ts';
import { addMessages, findGroupByHandle, flattenGroups, flattenMessages, putGroups } from './lists.ts';
import type { LiveState } from './live-state.ts';

const messages = (from: number, to: number) => range(from, to).map((minute) => makeMessage(minute));
const page = (from: number, to: number, nextCursor: string | null = 'older') => ({
  items: messages(from, to),
  nextCursor,
});
const names = (list: readonly { uuid: string }[]) =>
  list.map((message) => message.uuid.replace('message-', '')).join(' ');

describe('flattenMessages', () => {
  it('shows each row with the newest known state, pinned ones first, cleared ones not at all', () => {
    const data = { pages: [{ items: [makeGroup('a', 9), makeGroup('b', 8), makeGroup('c', 7)], nextCursor: null }] };
    const states = { a: known({ clearedThrough: at(9) }), c: known({ isPinned: true }) };
    const groups = flattenGroups(data, live({ states }));
    expect(shown(groups)).toBe('c:7 b:8');
    expect(groups).toMatchObject([{ isPinned: true }, { isPinned: false }]);
    expect(shown(flattenGroups(data, live({ states, groups: [makeGroup('a', 10)] })))).toBe('c:7 a:10 b:8');
    // Displaced by another row, it is a microsecond later than its message.
    const displaced = makeGroup('a', 9, { createdAt: at(9).replace('.000Z', '.000001Z') });
    expect(shown(flattenGroups(data, live({ states, groups: [displaced] })))).toBe('c:7 b:8');
  });

  it('applies what the person has chosen, in order, and keeps the objects of unchanged rows', () => {
    const [a, b] = [makeGroup('a', 9), makeGroup('b', 8)];
    const data = { pages: [{ items: [a, b], nextCursor: null }] };
    const choices = {
      b: [true, false, true].map((isPinned) => ({ id: Symbol('b'), changes: { isPinned }, events: [] })),
    };
    const states = { a: known({}) };
    const groups = flattenGroups(data, live({ states, choices }));
    expect(groups.map(({ uuid, isPinned }) => [uuid, isPinned])).toEqual([
      ['b', true],
      ['a', false],
    ]);
    expect(groups[1]).toBe(a);
    expect(flattenGroups(data, live({ states, choices }))[0]).toBe(groups[0]);
  });

  it('is empty until a page is read', () => {
    expect(flattenMessages(undefined, messages(1, 2))).toEqual([]);
  });

  it('puts older pages before newer ones, and live messages at the end', () => {
    const data = { pages: [page(4, 6), page(1, 3, null)] };
    expect(names(flattenMessages(data, messages(7, 8)))).toBe('1 2 3 4 5 6 7 8');
  });

  it('shows a message once although two pages and an event contain it', () => {
    const data = { pages: [page(4, 6), page(2, 4)] };
    expect(names(flattenMessages(data, messages(5, 7)))).toBe('2 3 4 5 6 7');
  });

  it('inserts a message of a server with a slow clock at its time', () => {
    const data = { pages: [{ items: [makeMessage(1), makeMessage(5)], nextCursor: null }] };
    expect(names(flattenMessages(data, [makeMessage(3)]))).toBe('1 3 5');
  });

  it('hides live messages before a gap, after the pages were replaced', () => {
    const data = { pages: [page(50, 60)] };
    expect(names(flattenMessages(data, [makeMessage(10), makeMessage(61)]))).toBe(`${range(50, 61).join(' ')}`);
  });
});

describe('addMessages', () => {
  it('leaves known messages as they are', () => {
    const known = messages(1, 2);
    expect(addMessages(known, [makeMessage(2, { message: 'changed' })])).toEqual(known);
  });

  it('keeps two of one millisecond in the order of their microseconds', () => {
    const first = makeMessage(1, { uuid: 'message-a', createdAt: '2026-11-20T08:01:00.000001Z' });
    const second = makeMessage(1, { uuid: 'message-b', createdAt: '2026-11-20T08:01:00.000002Z' });
    expect(names(addMessages([second], [first]))).toBe('a b');
  });
});

const shown = (groups: readonly { uuid: string; message: string }[]) =>
  groups.map((group) => `${group.uuid}:${group.message.replace('text ', '')}`).join(' ');

const live = (overrides: Partial<LiveState> = {}) => ({
  groups: [],
  copies: {},
  states: {},
  choices: {},
  ...overrides,
});
const known = (changes: Partial<GroupState>) => ({ state: { ...DEFAULT_GROUP_STATE, ...changes }, asOf: 1 });

describe('flattenGroups', () => {
  it('shows a group once, by its newest row, even if two pages contain it', () => {
    const data = {
      pages: [
        { items: [makeGroup('a', 9), makeGroup('b', 8)], nextCursor: 'older' },
        { items: [makeGroup('a', 5), makeGroup('c', 4)], nextCursor: null },
      ],
    };
    expect(shown(flattenGroups(data, live()))).toBe('a:9 b:8 c:4');
  });

  it('moves a group to the top when a newer row came since', () => {
    const data = { pages: [{ items: [makeGroup('a', 9), makeGroup('b', 8)], nextCursor: null }] };
    expect(shown(flattenGroups(data, live({ groups: [makeGroup('b', 10)] })))).toBe('b:10 a:9');
  });

  it('is empty until a page is read', () => {
    expect(flattenGroups(undefined, live({ groups: [makeGroup('a', 1)] }))).toEqual([]);
  });
});

describe('putGroups', () => {
  it('keeps a row that is newer than the added one', () => {
    expect(shown(putGroups([makeGroup('a', 10)], [makeGroup('a', 9), makeGroup('b', 8)]))).toBe('a:10 b:8');
  });

  it('uses the added row if both have the same time', () => {
    const renamed = makeGroup('a', 9, { displayName: 'New name' });
    expect(putGroups([makeGroup('a', 9)], [renamed])[0]?.displayName).toBe('New name');
  });
});

describe('findGroupByHandle', () => {
  it('finds a handle whatever its case', () => {
    const group = makeGroup('a', 1, { handle: 'Loren' });
    expect(findGroupByHandle([group], 'lOREN')).toBe(group);
    expect(findGroupByHandle([group], 'lor')).toBeUndefined();
    const kelvin = { ...group, handle: 'kelvin' };
    expect(findGroupByHandle([kelvin], 'KELVIN')).toBe(kelvin);
    // The Kelvin sign: another person for the server.
    expect(findGroupByHandle([kelvin], '\u212aelvin')).toBeUndefined();
  });
});
