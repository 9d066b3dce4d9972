import { describe, expect, it } from 'vitest';
import { at, makeDeletion, makeEdit, makeMessage, makeState } from '../testing.ts';
import type { FoundMessage, Message } from '../trpc/types.ts';
import { addLocalHits, currentHits, type Known, type MessageFilter } from './local-search.ts';

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
const searchFor = (term: string, filter: MessageFilter = {}, known = NOTHING) => ({ terms: [term], filter, known });
const find = (messages: Message[], filter: MessageFilter = {}, known = NOTHING) =>
  addLocalHits({ messages, people: PEOPLE }, searchFor('tea', filter, known), { found: [], oldest: null }).hits;

describe('addLocalHits', () => {
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

  it('adds each message once, and none that is older than what the server has searched', () => {
    const messages = [1, 2, 3].map((minutes) => makeMessage(minutes, { message: 'tea' }));
    const found = messages.slice(1, 2).map(hit);
    const add = (oldest: string | null) =>
      uuids(addLocalHits({ messages, people: PEOPLE }, searchFor('tea'), { found, oldest }).hits);
    expect(add(null)).toEqual(['message-3', 'message-2', 'message-1']);
    expect(add(at(2))).toEqual(['message-3', 'message-2']);
  });

  it('adds only the newest ones up to a limit, and says that there are more', () => {
    const messages = [1, 3, 2].map((minutes) => makeMessage(minutes, { message: 'tea' }));
    const add = (limit: number) => {
      const answered = { found: [], oldest: null, limit };
      const { hits, hasMore } = addLocalHits({ messages, people: PEOPLE }, searchFor('tea'), answered);
      return [uuids(hits), hasMore];
    };
    expect(add(2)).toEqual([['message-3', 'message-2'], true]);
    expect(add(3)).toEqual([['message-3', 'message-2', 'message-1'], false]);
  });

  it('finds nothing that was cleared', () => {
    const messages = [makeMessage(1, { message: 'tea' }), makeMessage(2, { message: 'tea' })];
    expect(uuids(find(messages, {}, clearedThrough(at(1))))).toEqual(['message-2']);
  });
});

describe('currentHits', () => {
  const tea = hit(makeMessage(1, { message: 'tea and cake' }));

  it('keeps hits of which nothing has changed', () => {
    expect(currentHits([tea], searchFor('tea'), true)[0]).toBe(tea);
  });

  it('shows the current text of an edited message, as long as it matches', () => {
    const edited = { ...tea.message, message: 'Cake and tea', version: 1 };
    expect(currentHits([tea], searchFor('tea', {}, knowing(edited)), true)).toEqual([
      { message: edited, person: BAYKO, ranges: [{ start: 9, end: 12 }] },
    ]);
    expect(currentHits([tea], searchFor('tea', {}, knowing({ ...edited, message: 'Cake' })), true)).toEqual([]);
  });

  it('drops deleted and cleared messages', () => {
    const deleted = { ...tea.message, message: '', deletedAt: at(2), version: 1 };
    expect(currentHits([tea], searchFor('tea', {}, knowing(deleted)), true)).toEqual([]);
    expect(currentHits([tea], searchFor('tea', {}, clearedThrough(at(1))), true)).toEqual([]);
  });

  it('keeps of an earlier search’s hits those that match this one', () => {
    const teapot = hit(makeMessage(2, { message: 'teapot' }));
    const marked = { ...teapot, ranges: [{ start: 0, end: 4 }] };
    expect(currentHits([teapot, tea], searchFor('teap'), false)).toEqual([marked]);
    expect(currentHits([teapot], searchFor('teap', { messageGroupUuid: 'other' }), false)).toEqual([]);
    expect(currentHits([teapot], searchFor('teap', { from: 'me' }), false)).toEqual([]);
  });
});
