import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MalformedItemError } from '../table/errors.ts';
import { toSearchableClear, toSearchableMessage, withRecipient } from './searchable.ts';

const [group, one, other, uuid] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
const item = {
  pk: `MSG#${group}`,
  sk: '2023-01-01T12:00:00+02:00',
  message_uuid: uuid,
  message: 'See https://example.org',
  user_uuid: one,
};

describe('toSearchableMessage', () => {
  it("reads an item of the origin, whose sort key's offset counts", () => {
    expect(withRecipient(toSearchableMessage(item), [other, one])).toEqual({
      messageUuid: uuid,
      messageGroupUuid: group,
      senderUuid: one,
      recipientUuid: other,
      sortKey: item.sk,
      sentAt: Date.parse('2023-01-01T10:00:00Z') * 1000,
      version: 0,
      text: item.message,
      hasLink: true,
    });
  });

  it('reads no text of a deleted message', () => {
    const deleted = { ...item, version: 3, deleted_at: '2023-01-02T00:00:00.000000+00:00' };
    expect(toSearchableMessage(deleted)).toMatchObject({ version: 3, text: '', hasLink: false });
  });

  it.each([
    ['an invalid time', { sk: 'today' }],
    ['a group whose id is not a uuid', { pk: 'MSG#group' }],
    ['a message whose id is not a uuid', { message_uuid: '1' }],
    ['an id in capitals, which PostgreSQL would change', { message_uuid: uuid.toUpperCase().replace(/^./, 'A') }],
    ['a sender whose id is not a uuid', { user_uuid: 'me' }],
    ['no text', { message: undefined }],
    ['a version that PostgreSQL cannot hold', { version: 2 ** 31 }],
  ])('rejects %s', (_, wrong) => {
    expect(() => toSearchableMessage({ ...item, ...wrong })).toThrow(MalformedItemError);
  });
});

describe('withRecipient', () => {
  it.each([
    ['no members', undefined],
    ['other members', [randomUUID(), other] as const],
    ['a member whose id is not a uuid', [one, 'you'] as const],
  ])('rejects a message of a group with %s', (_, members) => {
    expect(() => withRecipient(toSearchableMessage(item), members)).toThrow(
      /^malformed item MSG#.*: user_uuid: (is not a member|the group has no members)/,
    );
  });
});

describe('toSearchableClear', () => {
  const marker = { pk: `READ#${one}`, sk: group };

  it('reads up to which time a marker has cleared', () => {
    expect(toSearchableClear({ ...marker, cleared_through: '2023-01-01T10:00:00.000001+00:00' })).toEqual({
      userUuid: one,
      messageGroupUuid: group,
      clearedThrough: Date.parse('2023-01-01T10:00:00Z') * 1000 + 1,
    });
    expect(toSearchableClear({ ...marker, read_up_to: '2023-01-01T10:00:00.000001+00:00' })).toBeUndefined();
  });

  it.each([
    ['an invalid time', { cleared_through: 'now' }],
    ['a group whose id is not a uuid', { sk: '!PINNED' }],
    ['a person whose id is not a uuid', { pk: 'READ#me' }],
  ])('rejects %s', (_, wrong) => {
    const cleared = { ...marker, cleared_through: '2023-01-01T10:00:00.000001+00:00', ...wrong };
    expect(() => toSearchableClear(cleared)).toThrow(MalformedItemError);
  });
});
