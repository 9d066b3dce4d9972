// @vitest-environment jsdom
import { parseSearchQuery } from '@cruddur/config';
import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { foundRanges } from './found-ranges.ts';

afterEach(cleanup);

/** What is highlighted of a text for a query. */
function found(query: string, text: React.ReactNode): string[] {
  const { container } = render(<span data-text>{text}</span>);
  return foundRanges(container, parseSearchQuery(query)).map(String);
}

it.each([
  ['strasse', 'Die Straße, STRASSE', ['Straße', 'STRASSE']],
  ['كتاب', 'هذا كِتَابٌ جديد', ['كِتَابٌ']],
  ['東京', '昨日は東京へ', ['東京']],
  ['ﾄｳｷｮｳ', 'トウキョウ', ['トウキョウ']],
  ['👩', 'Hi 👩🏽‍🚀!', ['👩🏽‍🚀']],
  ['𝒳 ok', '𝒳𝒳 is ok', ['𝒳𝒳', 'ok']],
])('finds %s in %s', (query, text, expected) => {
  expect(found(query, text)).toEqual(expected);
});

it('finds what goes across markup and links, whose nodes stay as they are', () => {
  const text = (
    <>
      <span>the </span>
      <strong>
        <span>har</span>
      </strong>
      <a href="https://cruddur.example">
        <span>bour.example</span>
        <span className="select-none"> (cruddur.example)</span>
      </a>
    </>
  );
  expect(found('harbour', text)).toEqual(['harbour']);
  expect(found('cruddur', text)).toEqual([]);
});

it('does not join a code block with the line before it', () => {
  const text = (
    <>
      <span>let</span>
      <code data-block>ter</code>
    </>
  );
  expect(found('letter', text)).toEqual([]);
  expect(found('"let ter"', text)).toEqual(['letter']);
});

it('marks the words that are drawn if another one is only in the markup', () => {
  expect(found('bold **', 'bold')).toEqual(['bold']);
});
