import { describe, expect, it } from 'vitest';
import { countCodePoints, messageTextRefusal } from './message-text.ts';

describe('countCodePoints', () => {
  it('counts a character outside the basic plane once', () => {
    expect(countCodePoints('a😀é')).toBe(3);
  });
});

describe('messageTextRefusal', () => {
  it.each(['', ' ', '\n\t', '\u200b\u200d\ufeff', '\u202e', '\u0000'])('refuses %j as blank', (text) => {
    expect(messageTextRefusal(text)).toBe('message_blank');
  });

  it.each(['a', 'a\u0000b', '\u202eabc', '👍', 'مرحبا'])('accepts %j', (text) => {
    expect(messageTextRefusal(text)).toBeNull();
  });

  it('counts code points, not UTF-16 units', () => {
    expect(messageTextRefusal('😀'.repeat(1024))).toBeNull();
    expect(messageTextRefusal('😀'.repeat(1025))).toBe('message_exceed_max_chars');
  });

  it('refuses a lone surrogate, which has no UTF-8 form', () => {
    expect(messageTextRefusal('a\ud800')).toBe('input_invalid');
  });
});
