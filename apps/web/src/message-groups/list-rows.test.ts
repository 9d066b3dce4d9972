import { describe, expect, it } from 'vitest';
import { makeGroup, makeItem, makeMessage } from '../testing.ts';
import { addOutboxRows, type ListRow, rowPath } from './list-rows.ts';

const a = makeGroup('a', 5, { unreadCount: 2, unreadThrough: '', handle: 'Loren' });
const groups = [makeGroup('b', 7), a];
const toA = { target: { messageGroupUuid: 'a' } };
const toLoren = { target: { handle: 'loren' } };
const loren = { handle: 'loren', displayName: 'Loren Ipsum' };
const failure = { reason: 'no_answer', permanent: false } as const;

const shown = (rows: readonly ListRow[]) =>
  rows.map(({ uuid, message }) => `${uuid}:${message.replace('text ', '')}`).join(' ');

describe('addOutboxRows', () => {
  it('moves a group to the time of its newest outbox message, and keeps the rest of its row', () => {
    const rows = addOutboxRows(groups, [makeItem(8, toA), makeItem(9, toA)], 'me');
    expect(shown(rows)).toBe('a:9 b:7');
    expect(rows[0]).toEqual({
      ...a,
      message: 'text 9',
      messageUserUuid: 'me',
      createdAt: rows[0]?.createdAt,
      hasFailed: false,
      isUnsent: true,
    });
  });

  it('returns the same rows while the outbox is empty', () => {
    expect(addOutboxRows(groups, [], 'me')).toBe(groups);
  });

  it('shows an unsent message also in a row that is dated later, and leaves the row where it is', () => {
    const rows = addOutboxRows(groups, [makeItem(4, { ...toA, failure })], 'me');
    expect(shown(rows)).toBe('b:7 a:4');
    expect(rows[1]).toMatchObject({ createdAt: a.createdAt, messageUserUuid: 'me', hasFailed: true });
  });

  it('keeps a row that is dated later than an acknowledged message, by the server’s time: the other person has written since', () => {
    const sent = makeMessage(4, { messageGroupUuid: 'a', userUuid: 'me' });
    expect(addOutboxRows(groups, [makeItem(9, { ...toA, sent })], 'me')).toEqual(groups);
  });

  it('marks a conversation with a message that could not be sent, also if another waits behind it', () => {
    const rows = addOutboxRows(groups, [makeItem(8, { ...toA, failure }), makeItem(9, toA)], 'me');
    expect(rows.map(({ uuid, hasFailed }) => [uuid, hasFailed])).toEqual([
      ['a', true],
      ['b', undefined],
    ]);
  });

  it('adds a row for the first message to a person', () => {
    const [row] = addOutboxRows([makeGroup('b', 7)], [makeItem(9, { ...toLoren, person: loren })], 'me');
    expect(row).toMatchObject({ uuid: '@loren', ...loren, message: 'text 9', messageUserUuid: 'me' });
    expect(row && rowPath(row)).toBe('/messages/new/loren');
  });

  it('uses the person’s group as soon as there is one', () => {
    expect(shown(addOutboxRows(groups, [makeItem(9, { ...toLoren, person: loren })], 'me'))).toBe('a:9 b:7');
    const sent = makeMessage(9, { messageGroupUuid: 'new', userUuid: 'me' });
    const [row] = addOutboxRows([makeGroup('b', 7)], [makeItem(9, { ...toLoren, person: loren, sent })], 'me');
    expect(row && rowPath(row)).toBe('/messages/new');
  });

  it('adds a row for a group that is not loaded, if the recipient is known', () => {
    const [b] = groups as [ListRow];
    expect(shown(addOutboxRows([b], [makeItem(9, { ...toA, person: loren })], 'me'))).toBe('a:9 b:7');
    expect(addOutboxRows([b], [makeItem(9, toA)], 'me')).toEqual([b]);
  });
});
