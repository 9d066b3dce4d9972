import { describe, expect, it } from 'vitest';
import { excerptOf, isReactionEmoji } from './message-changes.ts';

describe('isReactionEmoji', () => {
  it.each(['👍', '❤️', '👩🏽‍🚀', '🇨🇭', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '1️⃣', '👨‍👩‍👧‍👦', '🏳️‍🌈'])('accepts %s', (emoji) => {
    expect(isReactionEmoji(emoji)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['a letter', 'a'],
    ['a digit', '1'],
    ['a word', 'yes'],
    ['two emoji', '👍👍'],
    ['an emoji and a space', '👍 '],
    ['an emoji in text presentation', '\u2764\ufe0e'],
    ['a heart without its presentation selector', '\u2764'],
    ['a lone modifier sequence that is not recommended', '👍🏽🏽'],
    ['a lone surrogate', '\ud83d'],
    ['joined emoji that are not recommended', '👍\u200d👎'],
    ['a very long text', '👍'.repeat(1000)],
  ])('refuses %s', (_, text) => {
    expect(isReactionEmoji(text)).toBe(false);
  });
});

describe('excerptOf', () => {
  it('keeps a short text', () => {
    expect(excerptOf('The lamps are packed.')).toBe('The lamps are packed.');
    expect(excerptOf('🏮'.repeat(140))).toBe('🏮'.repeat(140));
  });

  it('cuts a long text after 140 code points', () => {
    expect(excerptOf('🏮'.repeat(141))).toBe(`${'🏮'.repeat(140)}…`);
    expect(excerptOf(`${'a'.repeat(139)} ${'b'.repeat(1000)}`)).toBe(`${'a'.repeat(139)}…`);
  });
});
