import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { malformed, record, recordOf } from '../../../tests/support/stream.ts';
import { parseIndexedRecords } from './indexed-records.ts';

const group = randomUUID();
const user_uuid = randomUUID();
const message = (fields: Parameters<typeof record>[0] = {}) => record({ group, user_uuid, ...fields });
const change = (last_change: string, fields: object) => message({ eventName: 'MODIFY', last_change, ...fields });
const marker = (fields: object) => ({
  pk: `READ#${user_uuid}`,
  sk: group,
  cleared_through: '2026-11-20T08:15:30.123456+00:00',
  ...fields,
});

describe('parseIndexedRecords', () => {
  it('reads new, edited and deleted messages, without the text of a deleted one', () => {
    const deleted_at = '2026-11-20T08:16:00.000000+00:00';
    const { messages, malformed: none } = parseIndexedRecords([
      message({ message: 'See cruddur.com' }),
      change('edit', { version: 3, message: 'Edited' }),
      change('deletion', { version: 4, message: 'https://still.here', deleted_at }),
    ]);
    expect(messages.map(({ item: { version, text, hasLink }, index }) => ({ index, version, text, hasLink }))).toEqual([
      { index: 0, version: 0, text: 'See cruddur.com', hasLink: true },
      { index: 1, version: 3, text: 'Edited', hasLink: false },
      { index: 2, version: 4, text: '', hasLink: false },
    ]);
    expect(messages[0]?.item).toMatchObject({ messageGroupUuid: group, senderUuid: user_uuid });
    expect(none).toEqual([]);
  });

  it('reads what people have cleared, in new and changed markers', () => {
    const { clears } = parseIndexedRecords([recordOf(marker({})), recordOf(marker({ is_muted: true }), 'MODIFY')]);
    const clearedThrough = Date.UTC(2026, 10, 20, 8, 15, 30) * 1000 + 123_456;
    const item = { userUuid: user_uuid, messageGroupUuid: group, clearedThrough };
    expect(clears).toMatchObject([
      { index: 0, item },
      { index: 1, item },
    ]);
  });

  it('leaves out reactions, removals, markers without a clear, and items of other types', () => {
    expect(
      parseIndexedRecords([
        change('reaction', {}),
        message({ eventName: 'REMOVE' }),
        recordOf(marker({}), 'REMOVE'),
        recordOf(marker({ cleared_through: undefined })),
        recordOf({ pk: `READ#${user_uuid}`, sk: '!PINNED', pinned: new Set([group]) }),
        recordOf({ pk: `GRP#${user_uuid}`, sk: '2026-11-20T08:15:30.123456+00:00' }),
      ]),
    ).toEqual({ messages: [], clears: [], malformed: [] });
  });

  it.each([
    ['without an image', malformed({ NewImage: undefined })],
    ['of a group that is not a uuid', message({ group: 'a' })],
    ['with an invalid time', message({ sk: 'yesterday' })],
    ['of a cleared group that is not a uuid', recordOf(marker({ sk: 'a' }))],
    ['of a clear through an invalid time', recordOf(marker({ cleared_through: 'now' }))],
  ])('skips a record %s, and reads what is around it', (_, broken) => {
    const batch = parseIndexedRecords([message(), broken, recordOf(marker({}))]);
    expect(batch.malformed).toMatchObject([{ record: broken, index: 1 }]);
    expect([batch.messages.length, batch.clears.length]).toEqual([1, 1]);
  });
});
