import { describe, expect, it } from 'vitest';
import { malformed, record } from '../../../tests/support/stream.ts';
import { foldRecords } from './fold-records.ts';

const at = (second: number) => `2026-11-20T08:15:${String(second).padStart(2, '0')}.000000+00:00`;

describe('foldRecords', () => {
  it('joins the messages of a group into one move to the newest, whatever their order', () => {
    const { groups } = foldRecords([
      record({ group: 'a', sk: at(2) }),
      record({ group: 'b', sk: at(1) }),
      record({ group: 'a', sk: at(9) }),
      record({ group: 'a', sk: at(1) }),
    ]);
    expect(groups.map((g) => [g.messageGroupUuid, g.oldest.sk, g.newest.sk, g.firstIndex])).toEqual([
      ['a', at(1), at(9), 0],
      ['b', at(1), at(1), 1],
    ]);
  });

  it('leaves out changes, removals, rows and items of other types', () => {
    const { groups, malformed: none } = foldRecords([
      record({ group: 'a', eventName: 'MODIFY' }),
      record({ group: 'a', eventName: 'REMOVE' }),
      record({ pk: 'GRP#someone' }),
      record({ pk: 'PAIR#one#other', sk: 'GROUP' }),
    ]);
    expect([groups, none]).toEqual([[], []]);
  });

  it.each([
    ['without an image', malformed({ NewImage: undefined })],
    ['with a time that is none', record({ group: 'a', sk: 'yesterday' })],
    ['without a text', record({ group: 'a', message: undefined })],
    ['without a group', record({ pk: 'MSG#' })],
  ])('skips a record %s, and folds what is around it', (_, broken) => {
    const folded = foldRecords([record({ group: 'a' }), broken, record({ group: 'b' })]);
    expect(folded.groups.map((g) => g.messageGroupUuid)).toEqual(['a', 'b']);
    expect(folded.malformed.map(({ record: skipped }) => skipped)).toEqual([broken]);
  });
});
