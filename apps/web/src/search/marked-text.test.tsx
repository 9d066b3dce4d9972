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
  it('shows markup and HTML as text', () => {
    const { container } = render(<MarkedText text="*a* <b>tea</b>" ranges={[{ start: 7, end: 10 }]} />);
    expect(container.textContent).toBe('*a* <b>tea</b>');
    expect([...container.querySelectorAll('mark')].map(({ textContent }) => textContent)).toEqual(['tea']);
  });
});
