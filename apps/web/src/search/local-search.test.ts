import { describe, expect, it } from 'vitest';
import { at, makeDeletion, makeEdit, makeMessage, makeState } from '../testing.ts';
import type { FoundMessage, Message } from '../trpc/types.ts';
import { currentHits, findMessages, type Known, mergeHits } from './local-search.ts';

const BAYKO = { handle: 'bayko', displayName: 'Andrew Bayko' };
const PEOPLE = new Map([['group', BAYKO]]);
const NOTHING: Known = { live: { copies: {}, states: {}, choices: {} }, changes: [], myUuid: 'me' };

/** Knows newer copies of messages. */
const knowing = (...copies: Message[]): Known => ({
  ...NOTHING,
  live: { ...NOTHING.live, copies: { group: Object.fromEntries(copies.map((copy) => [copy.uuid, copy])) } },
});
const clearedThrough = (time: string): Known => ({
  ...NOTHING,
  live: { ...NOTHING.live, states: { group: { state: makeState('group', { clearedThrough: time }), asOf: 0 } } },
});
const hit = (message: Message): FoundMessage => ({ message, person: BAYKO, ranges: [{ start: 0, end: 4 }] });
const uuids = (hits: readonly FoundMessage[]) => hits.map(({ message }) => message.uuid);
const find = (messages: Message[], filter = {}, known = NOTHING) =>
  findMessages(messages, ['tea'], filter, PEOPLE, known);

describe('findMessages', () => {
  it('finds all matching messages, newest first, with their ranges and the person', () => {
    const [old, other, recent] = [
      makeMessage(1, { message: 'Tea?' }),
      makeMessage(2, { message: 'Coffee' }),
      makeMessage(3, { message: 'My TEA' }),
    ];
    expect(find([old, other, recent])).toEqual([
      { message: recent, person: BAYKO, ranges: [{ start: 3, end: 6 }] },
      { message: old, person: BAYKO, ranges: [{ start: 0, end: 3 }] },
    ]);
  });

  it('searches one conversation, one side of it, or messages with a link', () => {
    const messages = [
      makeMessage(1, { message: 'tea', userUuid: 'me' }),
      makeMessage(2, { message: 'tea at https://tea.example' }),
      makeMessage(3, { message: 'tea', messageGroupUuid: 'unknown' }),
    ];
    expect(uuids(find(messages, { from: 'me' }))).toEqual(['message-1']);
    expect(uuids(find(messages, { from: 'them' }))).toEqual(['message-2']);
    expect(uuids(find(messages, { has: 'link' }))).toEqual(['message-2']);
    expect(find(messages, { messageGroupUuid: 'other' })).toEqual([]);
  });

  it('finds what a message says now, also before the server has the change', () => {
    const message = makeMessage(1, { message: 'tea', userUuid: 'me' });
    const edited = { ...message, message: 'coffee', version: 1 };
    expect(find([message], {}, knowing(edited))).toEqual([]);
    expect(find([edited], {}, { ...NOTHING, changes: [makeEdit(1, { text: 'green tea' })] })[0]?.ranges).toEqual([
      { start: 6, end: 9 },
    ]);
    expect(find([message], {}, { ...NOTHING, changes: [makeDeletion(1)] })).toEqual([]);
  });

  it('finds nothing that was cleared', () => {
    const messages = [makeMessage(1, { message: 'tea' }), makeMessage(2, { message: 'tea' })];
    expect(uuids(find(messages, {}, clearedThrough(at(1))))).toEqual(['message-2']);
  });
});

describe('currentHits', () => {
  const tea = hit(makeMessage(1, { message: 'tea and cake' }));

  it('keeps hits of which nothing has changed', () => {
    expect(currentHits([tea], ['tea'], true, NOTHING)[0]).toBe(tea);
  });

  it('shows the current text of an edited message, as long as it matches', () => {
    const edited = { ...tea.message, message: 'Cake and tea', version: 1 };
    expect(currentHits([tea], ['tea'], true, knowing(edited))).toEqual([
      { message: edited, person: BAYKO, ranges: [{ start: 9, end: 12 }] },
    ]);
    expect(currentHits([tea], ['tea'], true, knowing({ ...edited, message: 'Cake' }))).toEqual([]);
  });

  it('drops deleted and cleared messages', () => {
    const deleted = { ...tea.message, message: '', deletedAt: at(2), version: 1 };
    expect(currentHits([tea], ['tea'], true, knowing(deleted))).toEqual([]);
    expect(currentHits([tea], ['tea'], true, clearedThrough(at(1)))).toEqual([]);
  });

  it('keeps of an earlier query’s hits those that match what was typed since', () => {
    const cake = hit(makeMessage(2, { message: 'teapot' }));
    expect(currentHits([cake, tea], ['teap'], false, NOTHING)).toEqual([{ ...cake, ranges: [{ start: 0, end: 4 }] }]);
  });
});

describe('mergeHits', () => {
  const [first, second, third] = [1, 2, 3].map((minutes) => hit(makeMessage(minutes))) as [
    FoundMessage,
    FoundMessage,
    FoundMessage,
  ];

  it('adds what the server has not found yet, each message once', () => {
    expect(mergeHits([second], [third, second, first], null)).toEqual([third, second, first]);
  });

  it('adds nothing older than what the server has searched', () => {
    expect(mergeHits([second], [third, second, first], second.message.createdAt)).toEqual([third, second]);
  });
});
