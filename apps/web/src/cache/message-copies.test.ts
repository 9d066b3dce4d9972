import { describe, expect, it } from 'vitest';
import { at, makeGroup, makeMessage } from '../testing.ts';
import {
  applyCopies,
  applyCopiesToRow,
  newerCopy,
  putCopies,
  quoteOf,
  resolveQuotes,
  withoutClearedQuotes,
} from './message-copies.ts';

const one = makeMessage(1);
const two = makeMessage(2);
const edited = makeMessage(1, { message: 'edited', version: 2 });
const tombstone = makeMessage(1, { message: '', deletedAt: at(9), version: 3 });

describe('putCopies', () => {
  it('keeps the copy with the highest version, whatever the order', () => {
    expect(putCopies(putCopies({}, [tombstone]), [edited])).toEqual({ 'message-1': tombstone });
    expect(putCopies({}, [tombstone, edited])).toEqual({ 'message-1': tombstone });
  });

  it('returns the same object if nothing is newer', () => {
    const copies = putCopies({}, [edited]);
    expect(putCopies(copies, [edited, two])).toBe(copies);
  });
});

describe('applyCopies', () => {
  it('replaces older copies only, and leaves the other messages the same objects', () => {
    const shown = applyCopies([one, two], { 'message-1': edited });
    expect(shown).toEqual([edited, two]);
    expect(shown[1]).toBe(two);
    expect(newerCopy(tombstone, edited)).toBe(tombstone);
    expect(newerCopy(edited, { ...edited })).toBe(edited);
  });

  it('adds no message, and returns the same list if none changes', () => {
    const messages = [two];
    expect(applyCopies(messages, { 'message-1': edited })).toBe(messages);
  });
});

describe('resolveQuotes', () => {
  const reply = makeMessage(3, { replyTo: quoteOf(one) });

  it('shows the newest known copy of the quoted message, loaded or not', () => {
    expect(resolveQuotes([edited, reply], {})[1]?.replyTo).toMatchObject({ excerpt: 'edited', version: 2 });
    expect(resolveQuotes([reply], { 'message-1': edited })[0]?.replyTo).toMatchObject({ excerpt: 'edited' });
    expect(resolveQuotes([tombstone, reply], {})[1]?.replyTo).toMatchObject({ excerpt: '', isDeleted: true });
  });

  it('keeps what was read if that is newer', () => {
    const read = makeMessage(3, { replyTo: quoteOf(tombstone) });
    expect(resolveQuotes([edited, read], {})[1]).toBe(read);
  });

  it('returns the same objects for the same messages', () => {
    const first = resolveQuotes([edited, reply], {});
    expect(resolveQuotes([edited, reply], {})[1]).toBe(first[1]);
    expect(resolveQuotes([one, reply], {})[1]).toBe(reply);
    const plain = [one, two];
    expect(resolveQuotes(plain, {})).toBe(plain);
  });
});

describe('applyCopiesToRow', () => {
  const row = makeGroup('group', 1, { messageUserUuid: 'bayko-uuid' });

  it('shows the newest known copy of the last message', () => {
    expect(applyCopiesToRow(row, { 'message-1': edited })).toMatchObject({ message: 'edited', messageVersion: 2 });
    const deleted = applyCopiesToRow(row, { 'message-1': tombstone });
    expect(deleted).toMatchObject({ message: '', isMessageDeleted: true, createdAt: row.createdAt });
    expect(applyCopiesToRow(row, { 'message-1': tombstone })).toBe(deleted);
  });

  it('leaves a row that shows another message, or a newer copy', () => {
    expect(applyCopiesToRow(row, { 'message-2': makeMessage(2, { version: 5 }) })).toBe(row);
    const newer = { ...row, messageVersion: 3 };
    expect(applyCopiesToRow(newer, { 'message-1': edited })).toBe(newer);
    expect(applyCopiesToRow(newer, { 'message-1': tombstone })).toBe(newer);
    // Two of one microsecond.
    const own = { ...row, messageUserUuid: 'me' };
    expect(applyCopiesToRow(own, { 'message-1': edited })).toBe(own);
    expect(applyCopiesToRow(row, undefined)).toBe(row);
  });
});

describe('withoutClearedQuotes', () => {
  it('hides the text of a cleared message, which the page may still have', () => {
    const reply = makeMessage(5, { replyTo: { ...quoteOf(edited), excerpt: '', isDeleted: true } });
    const later = makeMessage(6, { replyTo: quoteOf(two) });
    const messages = resolveQuotes([reply, later, makeMessage(7)], { 'message-1': edited });
    const shown = withoutClearedQuotes(messages, at(1));
    expect(shown[0]?.replyTo).toMatchObject({ excerpt: '', isDeleted: true });
    expect(shown[1]).toBe(later);
    expect(withoutClearedQuotes(messages, at(1))[0]).toBe(shown[0]);
    expect(withoutClearedQuotes(messages, null)).toBe(messages);
  });
});
