import { describe, expect, it } from 'vitest';
import { buildEmojiData } from './build-emoji-data.ts';
import { emojiOfShortcode, findClosedShortcode, findOpenShortcode, suggestEmoji } from './shortcodes.ts';

const data = buildEmojiData('en');
const queryIn = (text: string) => findOpenShortcode(text, text.length)?.query ?? null;

describe('findOpenShortcode', () => {
  it.each([
    [':th', 'th'],
    ['Well done :Thumb', 'thumb'],
    ['(:tada', 'tada'],
    ['🎉:tada', 'tada'],
    ['one\n:+1', '+1'],
    ['see `code` :smi', 'smi'],
    ['```\ncode\n```\n:smi', 'smi'],
    ['a lone ` in an earlier line\n:smi', 'smi'],
  ])('finds in %j %j', (text, query) => {
    expect(queryIn(text)).toBe(query);
  });

  it.each([
    [':t'],
    [':'],
    ['tada'],
    ['at 10:30'],
    ['10:30:45'],
    ['note:this'],
    ['https://cruddur.example'],
    ['https://cruddur.example/(:tada'],
    ['www.cruddur.example/(:tada'],
    ['std::vector'],
    ['C:\\:tada'],
    ['`:smi'],
    ['say `code :smi'],
    ['```\nfirst\n:smi'],
    [':with space'],
    [`:${'a'.repeat(60)}`],
  ])('finds nothing in %j', (text) => {
    expect(queryIn(text)).toBe(null);
  });

  it('looks only at what is before the caret', () => {
    expect(findOpenShortcode('a :tad b', 6)).toEqual({ start: 2, end: 6, query: 'tad' });
    expect(findOpenShortcode('a :tad b', 8)).toBe(null);
  });

  it('is quick in a text of a megabyte', () => {
    const text = `${'` :a'.repeat(250_000)}\n:tada`;
    expect(queryIn(text)).toBe('tada');
  });
});

describe('findClosedShortcode', () => {
  it('finds a shortcode that ends in a colon at the caret', () => {
    expect(findClosedShortcode('a :tada: b', 8)).toEqual({ start: 2, end: 8, query: 'tada' });
    for (const text of ['a :tada', '10:30:', 'https://a.example/:80:', '`:tada:', ':a:']) {
      expect(findClosedShortcode(text, text.length)).toBe(null);
    }
  });
});

describe('suggestEmoji', () => {
  const codes = (query: string) => suggestEmoji(data, query, null).map(({ shortcode }) => shortcode);

  it('has shortcodes that begin with the query first, the shortest before longer ones', () => {
    expect(codes('thum').slice(0, 2)).toEqual(['thumbsup', 'thumbsdown']);
    expect(codes('tada')[0]).toBe('tada');
    expect(codes('smile')[0]).toBe('smile');
    expect(codes('+1')[0]).toBe('+1');
  });

  it('finds parts of shortcodes and other words as well', () => {
    expect(codes('heart').length).toBe(6);
    expect(suggestEmoji(data, 'lmao', null).map(({ emoji }) => emoji)).toContain('😂');
    expect(codes('zzzz')).toEqual([]);
  });

  it('uses the skin tone', () => {
    expect(suggestEmoji(data, 'thumbsup', 'dark')[0]).toEqual({
      emoji: '👍🏿',
      shortcode: 'thumbsup',
      label: 'thumbs up',
    });
  });
});

describe('emojiOfShortcode', () => {
  it('knows the names of Slack and GitHub, and nothing in between', () => {
    expect(emojiOfShortcode(data, 'thumbsup', null)).toBe('👍');
    expect(emojiOfShortcode(data, '+1', 'light')).toBe('👍🏻');
    expect(emojiOfShortcode(data, 'heart', 'light')).toBe('❤️');
    expect(emojiOfShortcode(data, 'thumbsu', null)).toBe(null);
  });
});
