import { describe, expect, it } from 'vitest';
import { malformed, record } from '../../../tests/support/stream.ts';
import { foldRecords } from './fold-records.ts';

const at = (second: number) => `2026-11-20T08:15:${String(second).padStart(2, '0')}.000000+00:00`;

const change = (kind: string, fields: object) => record({ eventName: 'MODIFY', last_change: kind, ...fields });

describe('foldRecords', () => {
  it('joins the messages of a group into one move to the newest, whatever their order', () => {
    const { groups } = foldRecords([
      record({ group: 'a', sk: at(2) }),
      record({ group: 'b', sk: at(1) }),
      record({ group: 'a', sk: at(9) }),
      record({ group: 'a', sk: at(1) }),
    ]);
    expect(
      groups.map((g) => [g.messageGroupUuid, g.oldest.sk, g.newest.sk, g.records.map(({ index }) => index)]),
    ).toEqual([
      ['a', at(1), at(9), [0, 2, 3]],
      ['b', at(1), at(1), [1]],
    ]);
  });

  it('joins edits and deletions to the new messages of their group', () => {
    const { groups } = foldRecords([
      change('edit', { group: 'a', sk: at(1) }),
      record({ group: 'a', sk: at(4) }),
      change('deletion', { group: 'a', sk: at(2), message_uuid: 'deleted' }),
      record({ group: 'a', sk: at(3) }),
    ]);
    expect(groups).toMatchObject([
      { oldest: { sk: at(3) }, newest: { sk: at(4) }, created: 2, deleted: [{ uuid: 'deleted' }] },
    ]);
  });

  it('visits the newest of the messages that were changed, if none is new or newer', () => {
    const changes = [2, 3, 1].map((second) => change('edit', { group: 'a', sk: at(second) }));
    expect(foldRecords(changes).groups).toMatchObject([{ oldest: { sk: at(3) }, newest: { sk: at(3) }, created: 0 }]);
    expect(foldRecords([...changes, record({ group: 'a', sk: at(0) })]).groups).toMatchObject([
      { oldest: { sk: at(0) }, newest: { sk: at(3) }, created: 1 },
    ]);
  });

  it('leaves out reactions, removals, rows and items of other types', () => {
    const { groups, malformed: none } = foldRecords([
      record({ group: 'a', eventName: 'MODIFY' }),
      change('reaction', { group: 'a' }),
      record({ group: 'a', eventName: 'REMOVE' }),
      record({ pk: 'GRP#someone' }),
      record({ pk: 'PAIR#one#other', sk: 'GROUP' }),
    ]);
    expect([groups, none]).toEqual([[], []]);
  });

  it.each([
    ['without an image', malformed({ NewImage: undefined })],
    ['with an invalid time', record({ group: 'a', sk: 'yesterday' })],
    ['without a text', record({ group: 'a', message: undefined })],
    ['without a group', record({ pk: 'MSG#' })],
    ['of an edit without a text', change('edit', { group: 'a', message: undefined })],
    ['of a deletion without a sender', change('deletion', { group: 'a', user_uuid: undefined })],
  ])('skips a record %s, and folds what is around it', (_, broken) => {
    const folded = foldRecords([record({ group: 'a' }), broken, record({ group: 'b' })]);
    expect(folded.groups.map((g) => g.messageGroupUuid)).toEqual(['a', 'b']);
    expect(folded.malformed).toMatchObject([{ record: broken, index: 1 }]);
  });
});
