import { countCodePoints, messageTextRefusal } from '@cruddur/config';
import { describe, expect, it } from 'vitest';
import { CONVERSATION } from './conversation.ts';

const texts = CONVERSATION.map(({ text }) => text);

describe('the seeded conversation', () => {
  it('has more than two pages, from both people', () => {
    expect(CONVERSATION.length).toBeGreaterThanOrEqual(120);
    for (const from of ['andrewbrown', 'bayko']) {
      expect(CONVERSATION.filter((line) => line.from === from).length).toBeGreaterThan(50);
    }
  });

  it('has only texts that users could send', () => {
    expect(texts.filter((text) => messageTextRefusal(text) !== null || text !== text.trim())).toEqual([]);
  });

  it('never has two lines at the same time', () => {
    expect(CONVERSATION.slice(1).filter(({ minutesAfterPrevious }) => minutesAfterPrevious <= 0)).toEqual([]);
  });

  it.each([
    ['a link', /https:\/\/example\.(com|org)\/\S+/],
    ['an e-mail address', /\b[\w.]+@example\.org\b/],
    ['only emoji', /^\p{Emoji_Presentation}+$/u],
    ['right-to-left writing', /^[\p{Script=Arabic}\s]+$/u],
    ['accents', /[éñëŁ]/u],
    ['a list of lines', /\n1\. .+\n2\. /],
    ['code', /return \w+;$/],
  ])('has %s', (_what, pattern) => {
    expect(texts.some((text) => pattern.test(text))).toBe(true);
  });

  it('has long messages, one near the limit', () => {
    const lengths = texts.map(countCodePoints);
    expect(lengths.filter((length) => length >= 300 && length <= 600).length).toBeGreaterThanOrEqual(3);
    expect(lengths.some((length) => length > 1000)).toBe(true);
  });

  it('has bursts of several lines by one person, and pauses overnight', () => {
    const runs = CONVERSATION.map(({ from }) => from[0]).join('');
    expect(runs).toMatch(/aaa/);
    expect(runs).toMatch(/bb/);
    const nights = CONVERSATION.filter(({ minutesAfterPrevious }) => minutesAfterPrevious > 8 * 60);
    expect(nights.length).toBeGreaterThanOrEqual(4);
  });
});
