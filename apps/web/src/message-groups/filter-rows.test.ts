import { describe, expect, it } from 'vitest';
import { makeGroup } from '../testing.ts';
import { filterRows } from './filter-rows.ts';

const rows = [
  makeGroup('read', 9),
  makeGroup('new', 8),
  makeGroup('marked', 7, { isMarkedUnread: true }),
  makeGroup('muted', 6, { mutedUntil: 'always' }),
  makeGroup('request', 5, { isRequest: true }),
];
const unread = new Map([
  ['new', 2],
  ['muted', 1],
  ['request', 1],
]);
const shown = (filter: 'all' | 'unread' | 'requests', kept?: string) =>
  filterRows(rows, { filter, unread, kept }).map(({ uuid }) => uuid);

describe('filterRows', () => {
  it('shows all but requests', () => {
    expect(shown('all')).toEqual(['read', 'new', 'marked', 'muted']);
  });

  it('shows what is unread or marked as unread, also if it is muted', () => {
    expect(shown('unread')).toEqual(['new', 'marked', 'muted']);
  });

  it('keeps the row of the conversation that is read now', () => {
    expect(shown('unread', 'read')).toEqual(['read', 'new', 'marked', 'muted']);
    expect(shown('requests', 'read')).toEqual(['request']);
  });
});
