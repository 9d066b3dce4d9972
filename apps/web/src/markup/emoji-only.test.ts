import { describe, expect, it } from 'vitest';
import { isEmojiOnly } from './emoji-only.ts';

describe('isEmojiOnly', () => {
  it.each([
    '👍',
    '🎉 🎉',
    '👩🏽‍🚀',
    '🇨🇦',
    '❤️',
    '1️⃣',
    '👍🏽👍🏿',
    '☝🏽',
    '🕵🏽‍♀️',
    '👨‍👩‍👧‍👦',
    '❤️‍🔥',
    '🏳️‍🌈',
    '🏴󠁧󠁢󠁳󠁣󠁴󠁿',
    '🇨🇦'.repeat(6),
  ])('accepts %s', (message) => {
    expect(isEmojiOnly(message)).toBe(true);
  });

  it.each(['1', 'ok 👍', '👍 ok', '', ' ', '👍'.repeat(7), '🇨🇦'.repeat(7), '#', '1\ufe0f', '©', '🇨', '🏽 \u200d'])(
    'rejects %j',
    (message) => {
      expect(isEmojiOnly(message)).toBe(false);
    },
  );

  it('agrees with Unicode about emoji of one code point, with or without their selector', () => {
    const rgi = /^\p{RGI_Emoji}$/v;
    const differing: string[] = [];
    for (let code = 0x21; code < 0x1fbff; code++) {
      const point = String.fromCodePoint(code);
      for (const text of [point, `${point}\ufe0f`]) {
        // A redundant selector is accepted.
        const expected = rgi.test(text) || (text !== point && rgi.test(point));
        if (isEmojiOnly(text) !== expected) differing.push(code.toString(16));
      }
    }
    expect(differing).toEqual([]);
  });
});
