import { describe, expect, it } from 'vitest';
import { displayNameRefusal, shownName } from './display-name.ts';
import { messageTextRefusal } from './message-text.ts';

const INVISIBLE_TEXTS = {
  'a zero-width space': '\u200b',
  'a Hangul filler': '\u3164',
  'a Braille blank': '\u2800',
  'a soft hyphen': '\u00ad',
  'a word joiner': '\u2060',
  'a variation selector': '\ufe0f',
  'tag letters': '\u{e0041}\u{e0042}',
  'an object replacement': '\ufffc',
  'a noncharacter': '\uffff',
  'hieroglyphic blanks': '\u{13441}\u{13442}',
  'a null notehead': '\u{1d159}',
  'a Khitan filler': '\u{16fe4}',
  'a combining mark without a letter': '\u0301',
  'white space': ' \u00a0\u3000\n',
};

describe('an invisible name or message', () => {
  it.each(Object.entries(INVISIBLE_TEXTS))('is rejected: %s', (_what, text) => {
    expect(displayNameRefusal(text)).toBe('name_blank');
    expect(messageTextRefusal(text)).toBe('message_blank');
  });

  it.each(Object.entries(INVISIBLE_TEXTS))('is shown as the handle: %s', (_what, name) => {
    expect(shownName(name, 'ana')).toBe('ana');
  });
});

describe('displayNameRefusal', () => {
  it.each(['Andrew @andrewbrown', 'a＠b', 'a﹫b'])('rejects an @ in %s', (name) => {
    expect(displayNameRefusal(name)).toBe('name_with_at');
  });

  it.each(['Ana', 'Zoë', 'علی‌رضا', '李', '🦊'])('accepts %s', (name) => {
    expect(displayNameRefusal(name)).toBeNull();
  });
});

describe('shownName', () => {
  it.each([
    ['Andrew\u200b Brown', 'Andrew Brown'],
    ['\u202enworB\u2066 a\u061cb\ufff9c', 'nworB abc'],
    ['two\u2028lines\nor three', 'two lines or three'],
    ['Andrew Brown @andrewbrown', 'Andrew Brown andrewbrown'],
    [' lone \ud800 ', 'lone \ufffd'],
  ])('shows %j as %j', (name, shown) => {
    expect(shownName(name, 'eve')).toBe(shown);
  });

  it.each(['علی\u200cرضا', 'ශ\u0dca\u200dරී', '👩\u200d🚀 Ada ❤\ufe0f'])('keeps the joiners of %s', (name) => {
    expect(shownName(name, 'eve')).toBe(name);
  });

  it('keeps every letter of a plain name, alone and in a name that is not plain', () => {
    const codes = [...Array(0x250).keys()].filter(
      (code) => (code > 0x20 && code < 0x7f && code !== 0x40) || code >= 0xc0,
    );
    for (const letter of codes.map((code) => String.fromCharCode(code))) {
      expect(shownName(`${letter} ${letter}b`, 'eve')).toBe(`${letter} ${letter}b`);
      expect(shownName(`${letter}李`, 'eve')).toBe(`${letter}李`);
    }
  });

  it.each([' ', ' x', 'x ', 'x  y', 'x @y'])('changes %j', (name) => {
    expect(shownName(name, 'eve')).not.toBe(name);
  });

  it('cuts after composing, which can make a name longer', () => {
    expect(Array.from(shownName('\u{1d160}'.repeat(80), 'eve'))).toHaveLength(80);
    expect(shownName('e\u0301'.repeat(80), 'eve')).toBe('é'.repeat(80));
  });
});
