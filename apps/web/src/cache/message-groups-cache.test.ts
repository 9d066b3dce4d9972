import { describe, expect, it } from 'vitest';
import { makeGroup } from '../testing.ts';
import { findGroupByHandle, flattenGroups, putGroups } from './message-groups-cache.ts';

const shown = (groups: readonly { uuid: string; message: string }[]) =>
  groups.map((group) => `${group.uuid}:${group.message.replace('text ', '')}`).join(' ');

describe('flattenGroups', () => {
  it('shows a group once, by its newest row, even if two pages carry it', () => {
    const data = {
      pages: [
        { items: [makeGroup('a', 9), makeGroup('b', 8)], nextCursor: 'older' },
        { items: [makeGroup('a', 5), makeGroup('c', 4)], nextCursor: null },
      ],
    };
    expect(shown(flattenGroups(data, []))).toBe('a:9 b:8 c:4');
  });

  it('moves a group to the top when a newer row came since', () => {
    const data = { pages: [{ items: [makeGroup('a', 9), makeGroup('b', 8)], nextCursor: null }] };
    expect(shown(flattenGroups(data, [makeGroup('b', 10)]))).toBe('b:10 a:9');
  });

  it('is empty until a page is read', () => {
    expect(flattenGroups(undefined, [makeGroup('a', 1)])).toEqual([]);
  });
});

describe('putGroups', () => {
  it('lets a row be that is newer than what was read', () => {
    expect(shown(putGroups([makeGroup('a', 10)], [makeGroup('a', 9), makeGroup('b', 8)]))).toBe('a:10 b:8');
  });

  it('takes the fresher copy of a row of the same time', () => {
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
