import { describe, expect, it } from 'vitest';
import { exceedsReactionLimit, hasReacted, keepOrder, reactionWords } from './reaction.ts';

const mine = (emoji: string) => ({ emoji, userUuids: ['me'] });
const theirs = (emoji: string) => ({ emoji, userUuids: ['other'] });

describe('exceedsReactionLimit', () => {
  it('refuses the sixth different reaction of a person, whatever the other one has', () => {
    const five = ['👍', '❤️', '😂', '😮', '😢'].map(mine);
    expect(exceedsReactionLimit(five, 'me', '🙏')).toBe(true);
    expect(exceedsReactionLimit(five, 'me', '👍')).toBe(false);
    expect(exceedsReactionLimit(five, 'other', '🙏')).toBe(false);
    expect(exceedsReactionLimit([...five.slice(1), theirs('🎉')], 'me', '🙏')).toBe(false);
    // The other person's chip is a further one.
    expect(exceedsReactionLimit([...five, theirs('🎉')], 'me', '🎉')).toBe(true);
  });
});

describe('hasReacted', () => {
  it('is about one person and one emoji', () => {
    expect(hasReacted([mine('👍'), theirs('🎉')], 'me', '👍')).toBe(true);
    expect(hasReacted([mine('👍'), theirs('🎉')], 'me', '🎉')).toBe(false);
  });
});

describe('reactionWords', () => {
  it.each([
    [['me'], 'You reacted with 👍 thumbs up'],
    [['other'], 'Andrew reacted with 👍 thumbs up'],
    [['other', 'me'], 'You and Andrew reacted with 👍 thumbs up'],
  ])('of %j are %j', (userUuids, words) => {
    expect(reactionWords({ emoji: '👍', userUuids }, 'me', 'Andrew', 'thumbs up')).toBe(words);
  });

  it('have no name while it is not known', () => {
    expect(reactionWords(mine('🎉'), 'me', 'Andrew', '🎉')).toBe('You reacted with 🎉');
  });
});

describe('keepOrder', () => {
  it('adds new ones at the end, and closes the gap of those that are gone', () => {
    expect(keepOrder(['b', 'a'], ['a', 'b'])).toEqual(['b', 'a']);
    expect(keepOrder(['b', 'a'], ['0', 'a', 'b'])).toEqual(['b', 'a', '0']);
    expect(keepOrder(['b', 'a', 'c'], ['b', 'c', 'd'])).toEqual(['b', 'c', 'd']);
  });
});
