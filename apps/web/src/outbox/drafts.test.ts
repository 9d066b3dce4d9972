import { describe, expect, it, vi } from 'vitest';
import { quoteOf } from '../cache/message-copies.ts';
import { makeLocalStore, makeMessage, range } from '../testing.ts';
import { createDrafts, DRAFT_STORED_MAX, DRAFTS_MAX } from './drafts.ts';

const GROUP = { messageGroupUuid: 'g' };
const LOREN = { handle: 'loren' };

/** The drafts of a person in two tabs, and every value that was written to storage. */
function setUp() {
  const { store, changeInOtherTab } = makeLocalStore();
  const written: (string | null)[] = [];
  const watched = {
    ...store,
    set(key: string, value: string | null) {
      written.push(value);
      store.set(key, value);
    },
  };
  let time = 0;
  const open = () => createDrafts(watched, 'andrew', () => ++time);
  return { store, changeInOtherTab, written, open, drafts: open(), otherTab: open() };
}

describe('createDrafts', () => {
  it('keeps one draft for each conversation, and moves it to the group', () => {
    const { store, drafts, open } = setUp();
    drafts.set(LOREN, 'Hello');
    drafts.move({ handle: 'Loren' }, GROUP);
    expect(open().get(GROUP)).toBe('Hello');
    drafts.move(LOREN, GROUP);
    expect(drafts.get(GROUP)).toBe('Hello');
    drafts.set(LOREN, 'Hello you');
    expect(drafts.get(GROUP)).toBe('Hello you');
    drafts.set(GROUP, '');
    expect(store.keys('')).toEqual([]);
  });

  it('neither overwrites nor empties the group’s own draft when the person’s draft moves there', () => {
    const { drafts, otherTab } = setUp();
    drafts.set(GROUP, 'kept');
    drafts.move(LOREN, GROUP);
    expect(drafts.get(GROUP)).toBe('kept');
    otherTab.set(LOREN, 'x');
    otherTab.move(LOREN, GROUP);
    expect(otherTab.get(GROUP)).toBe('kept\nx');
  });

  it('keeps the message that the draft replies to, with or without a text, until it is sent', () => {
    const { drafts, otherTab, open, store } = setUp();
    const quote = quoteOf(makeMessage(1));
    drafts.setReplyTo(GROUP, quote);
    expect([open().replyTo(GROUP), open().get(GROUP)]).toEqual([quote, '']);
    drafts.set(GROUP, 'an answer');
    drafts.set(GROUP, '');
    expect(otherTab.replyTo(GROUP)).toEqual(quote);
    expect(otherTab.replyTo(GROUP)).toBe(otherTab.replyTo(GROUP));
    drafts.set(GROUP, 'an answer');
    otherTab.setReplyTo(GROUP, null);
    expect([drafts.replyTo(GROUP), drafts.get(GROUP)]).toEqual([null, 'an answer']);
    drafts.setReplyTo(GROUP, quote);
    drafts.clear(GROUP);
    expect([drafts.replyTo(GROUP), drafts.get(GROUP), store.keys('')]).toEqual([null, '', []]);
  });

  it('lists the beginnings of all texts, none of which splits a character', () => {
    const { drafts, otherTab } = setUp();
    drafts.set(LOREN, `${'a'.repeat(199)}😀`);
    drafts.set(GROUP, 'half a thought');
    drafts.set({ messageGroupUuid: 'blank' }, ' \n');
    drafts.setReplyTo({ messageGroupUuid: 'reply' }, quoteOf(makeMessage(1)));
    expect(new Map(otherTab.beginnings())).toEqual(
      new Map([
        ['@loren', 'a'.repeat(199)],
        ['g', 'half a thought'],
      ]),
    );
  });

  it('has one text for all tabs, the one that was typed last', () => {
    const { drafts, otherTab, changeInOtherTab } = setUp();
    const listener = vi.fn();
    const stop = otherTab.subscribe(listener);
    drafts.set(GROUP, 'half a thought');
    changeInOtherTab('draft:andrew:g');
    changeInOtherTab('draft:bayko:g');
    expect(listener).toHaveBeenCalledTimes(1);
    expect(otherTab.get(GROUP)).toBe('half a thought');
    otherTab.set(GROUP, '');
    expect(drafts.get(GROUP)).toBe('');
    stop();
    changeInOtherTab(null);
    expect(listener).toHaveBeenCalledTimes(2);
  });

  it('stores the beginning of a long draft only, and writes it once while its end is edited', () => {
    const { drafts, open, otherTab, written } = setUp();
    const long = 'x'.repeat(1_000_000);
    for (const end of ['', 'a', 'ab']) drafts.set(GROUP, long + end);
    expect(written.map((value) => value?.length)).toEqual([expect.toSatisfy((length) => length < 11_000)]);
    expect(drafts.get(GROUP)).toBe(`${long}ab`);
    expect(open().get(GROUP)).toBe('x'.repeat(DRAFT_STORED_MAX));
    otherTab.set(GROUP, 'short');
    expect(drafts.get(GROUP)).toBe('short');
  });

  it('does not cut a character in two', () => {
    const { drafts, open } = setUp();
    drafts.set(GROUP, `x${'😀'.repeat(DRAFT_STORED_MAX)}`);
    expect(open().get(GROUP).isWellFormed()).toBe(true);
  });

  it('stores a limited number of drafts, the most recently changed ones', () => {
    const { drafts, open, store } = setUp();
    for (const number of range(0, DRAFTS_MAX)) drafts.set({ messageGroupUuid: `g${number}` }, 'text');
    expect(store.keys('')).toHaveLength(DRAFTS_MAX);
    expect([0, 1, DRAFTS_MAX].map((number) => open().get({ messageGroupUuid: `g${number}` }))).toEqual([
      '',
      'text',
      'text',
    ]);
  });

  it('reads the bare text that an earlier version stored', () => {
    const texts = ['Hello', '{"a":1}', '7'];
    const { store } = makeLocalStore(Object.fromEntries(texts.map((text) => [`draft:andrew:${text}`, text])));
    const drafts = createDrafts(store, 'andrew', Date.now);
    expect(texts.map((messageGroupUuid) => drafts.get({ messageGroupUuid }))).toEqual(texts);
  });
});
