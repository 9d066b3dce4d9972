// @vitest-environment jsdom
import { findSearchTerms, parseSearchQuery } from '@cruddur/config';
import { cleanup, render } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { excerptAround, MarkedText } from './marked-text.tsx';

afterEach(cleanup);

/** The excerpt for a query, with what is marked in brackets. */
function excerpt(text: string, query: string): string {
  const ranges = findSearchTerms(text, parseSearchQuery(query)) ?? [];
  return excerptAround(text, ranges)
    .map(({ text, isMarked }) => (isMarked ? `[${text}]` : text))
    .join('');
}

describe('excerptAround', () => {
  it('marks everything that was found in a short text', () => {
    expect(excerpt('Tea, tea and cake', 'tea cake')).toBe('[Tea], [tea] and [cake]');
  });

  it('begins with a word before what was found, and ends after it', () => {
    const text = `${'first words '.repeat(10)}tea${' last words'.repeat(10)}`;
    expect(excerpt(text, 'tea')).toBe(`…first words first words first words [tea]${' last words'.repeat(7)}…`);
  });

  it('cuts texts without spaces between characters as people see them', () => {
    const family = '👨‍👩‍👧';
    expect(excerpt(`${family.repeat(60)}茶${family.repeat(100)}`, '茶')).toBe(
      `…${family.repeat(40)}[茶]${family.repeat(79)}…`,
    );
    expect(excerpt(`cafe\u0301s`, 'cafe')).toBe('[cafe\u0301]s');
  });

  it('is the beginning of a text in which nothing was found', () => {
    expect(excerptAround('tea', [])).toEqual([{ text: 'tea', isMarked: false }]);
  });
});

describe('MarkedText', () => {
  /** What is shown for a query, and what is marked. */
  function shown(text: string, query: string): [string | null, string[]] {
    const ranges = findSearchTerms(text, parseSearchQuery(query)) ?? [];
    const { container } = render(<MarkedText text={text} ranges={ranges} />);
    return [container.textContent, [...container.querySelectorAll('mark')].map(({ textContent }) => textContent)];
  }

  it('shows a message without the marks of its markup, and HTML as text', () => {
    expect(shown('*One* _tea_ & <b>Tee</b>', 'te')).toEqual(['One tea & <b>Tee</b>', ['te', 'Te']]);
    expect(shown('```js\ncups();\n```', 'cups')).toEqual(['cups();', ['cups']]);
    expect(shown('👍🏽 *tea* 👍', '👍')).toEqual(['👍🏽 tea 👍', ['👍🏽', '👍']]);
  });

  it('shows the marks of the markup if they are what was found', () => {
    expect(shown('*tea*', '*tea')).toEqual(['*tea*', ['*tea']]);
    expect(shown('```js\ncups();\n```', 'js')).toEqual(['```js\ncups();\n```', ['js']]);
  });
});
