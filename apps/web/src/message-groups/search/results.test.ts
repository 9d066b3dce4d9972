import { parseSearchQuery } from '@cruddur/config';
import { describe, expect, it } from 'vitest';
import { makeGroup, makeMessage } from '../../testing.ts';
import { listResults } from './results.ts';

const JURGEN = makeGroup('jurgen-group', 3, { handle: 'jurgen', displayName: 'Jürgen Weiß' });
const ANNE = makeGroup('anne-group', 2, { handle: 'Anne', displayName: 'Anne Müller' });
const ROWS = [JURGEN, ANNE];
const PEOPLE = [
  { handle: 'anne', displayName: 'Anne Müller' },
  { handle: '..', displayName: 'Anneke' },
];
const HIT = { message: makeMessage(1), person: JURGEN, ranges: [] };

/** The paths of the sections that a query has. */
const paths = (query: string, found: Partial<Parameters<typeof listResults>[0]> = {}) =>
  Object.fromEntries(
    listResults({ people: [], rows: ROWS, hits: [], ...found }, parseSearchQuery(query)).map(({ kind, results }) => [
      kind,
      results.map(({ path }) => path),
    ]),
  );

describe('listResults', () => {
  it('lists people first, then conversations, then messages', () => {
    const sections = listResults({ people: PEOPLE, rows: ROWS, hits: [HIT] }, ['weiss']);
    expect(sections.map(({ kind }) => kind)).toEqual(['people', 'conversations', 'messages']);
  });

  it('finds conversations by any part of a name or handle, folded as messages are', () => {
    for (const query of ['URG', 'weiss', '@jurgen', 'weiß jür']) {
      expect(paths(query)).toEqual({ conversations: ['/messages/jurgen-group'] });
    }
    expect(paths('jurgen muller')).toEqual({});
    expect(paths('""')).toEqual({});
  });

  it('lists a conversation once: with its person, if that was found', () => {
    expect(paths('anne', { people: PEOPLE })).toEqual({ people: ['/messages/anne-group', '/messages/new/%40..'] });
  });

  it('leads to the found message', () => {
    expect(paths('text', { hits: [HIT] })).toEqual({ messages: ['/messages/group?at=2026-11-20T08:01:00.000Z'] });
  });
});
