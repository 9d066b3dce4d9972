import { describe, expect, it } from 'vitest';
import { makeMessage } from '../testing.ts';
import { notificationOf, shorten } from './browser-notifications.ts';

describe('notificationOf', () => {
  it('has the sender as its title, and one tag for all tabs', () => {
    expect(notificationOf(makeMessage(1))).toEqual({
      title: 'Andrew Bayko',
      body: 'text 1',
      tag: 'message:message-1',
    });
  });
});

describe('shorten', () => {
  it('keeps a short text, on one line', () => {
    expect(shorten(' one\n\ntwo ')).toBe('one two');
  });

  it('cuts a long text between graphemes', () => {
    expect(shorten('👩🏽‍🚀'.repeat(4), 3)).toBe(`${'👩🏽‍🚀'.repeat(3)}…`);
    expect(shorten('👩🏽‍🚀'.repeat(3), 3)).toBe('👩🏽‍🚀'.repeat(3));
    expect(shorten('a '.repeat(100), 4)).toBe('a a…');
  });
});
