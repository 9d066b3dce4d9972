import { describe, expect, it } from 'vitest';
import { countCodePoints, messageTextRefusal } from './message-text.ts';

describe('countCodePoints', () => {
  it('counts a character outside the basic plane once', () => {
    expect(countCodePoints('a😀é')).toBe(3);
  });
});

describe('messageTextRefusal', () => {
  it.each(['', ' ', '\n\t', '\u200b\u200d\ufeff', '\u202e', '\u0000'])('rejects %j as blank', (text) => {
    expect(messageTextRefusal(text)).toBe('message_blank');
  });

  it.each([
    '\u{1d159}', // a null notehead
    '\u{13441}\u{13442}', // hieroglyphic blanks
    '\u{16fe4}', // a Khitan filler
    '\uffff', // a noncharacter
    '\ufffc', // an object replacement character
    '\u0301', // a combining mark without a letter
    '\u2800', // a Braille blank
  ])('rejects %j as blank: it is invisible', (text) => {
    expect(messageTextRefusal(text)).toBe('message_blank');
  });

  it.each(['e\u0301', '1\ufe0f\u20e3', '\u{1d15e}', 'กำ', '.'])('accepts %j', (text) => {
    expect(messageTextRefusal(text)).toBeNull();
  });

  it.each(['a', 'a\u0000b', '\u202eabc', '👍', 'مرحبا'])('accepts %j', (text) => {
    expect(messageTextRefusal(text)).toBeNull();
  });

  it('counts code points, not UTF-16 units', () => {
    expect(messageTextRefusal('😀'.repeat(1024))).toBeNull();
    expect(messageTextRefusal('😀'.repeat(1025))).toBe('message_exceed_max_chars');
  });

  it('rejects a lone surrogate, which has no UTF-8 form', () => {
    expect(messageTextRefusal('a\ud800')).toBe('input_invalid');
  });
});
