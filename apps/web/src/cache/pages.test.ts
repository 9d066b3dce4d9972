import { describe, expect, it } from 'vitest';
import { range } from '../testing.ts';
import { compareTimes, type Page, readNewestPages, replacePages } from './pages.ts';

/** A list of numbers, newest (largest) first, read in pages of ten. */
function source(newest: number) {
  const cursors: (string | null)[] = [];
  const readPage = async (cursor: string | null): Promise<Page<number>> => {
    cursors.push(cursor);
    const from = cursor === null ? newest : Number(cursor);
    const items = range(Math.max(1, from - 9), from).toReversed();
    return { items, nextCursor: from > 10 ? String(from - 10) : null };
  };
  return { readPage, cursors };
}

describe('compareTimes', () => {
  it('tells two microseconds of one millisecond apart', () => {
    expect(compareTimes('2026-11-20T08:00:00.123456Z', '2026-11-20T08:00:00.123457Z')).toBeLessThan(0);
  });

  it('takes different widths of a fraction for what they are', () => {
    expect(compareTimes('2026-11-20T08:00:00.1Z', '2026-11-20T08:00:00.100Z')).not.toBe(Number.NaN);
    expect(compareTimes('2026-11-20T08:00:00.2Z', '2026-11-20T08:00:00.100Z')).toBeGreaterThan(0);
  });

  it('orders what is no time by its letters', () => {
    expect(compareTimes('never', 'soon')).toBeLessThan(0);
    expect(compareTimes('never', 'never')).toBe(0);
  });
});

describe('readNewestPages', () => {
  it('reads one page where it meets what is loaded', async () => {
    const { readPage, cursors } = source(105);
    const { pages, met } = await readNewestPages(readPage, (page) => page.items.includes(100), 10);
    expect([pages.length, met]).toEqual([1, true]);
    expect(cursors).toEqual([null]);
  });

  it('reads on until it does, so that no gap is left', async () => {
    const { readPage } = source(135);
    const { pages, met } = await readNewestPages(readPage, (page) => page.items.includes(100), 10);
    expect(met).toBe(true);
    expect(pages.flatMap((page) => page.items)).toEqual(range(96, 135).toReversed());
  });

  it('ends at the end of the list', async () => {
    const { readPage } = source(25);
    const { pages, met } = await readNewestPages(readPage, () => false, 10);
    expect([pages.length, met]).toEqual([3, true]);
  });

  it('gives up after so many pages, and says so', async () => {
    const { readPage, cursors } = source(500);
    const { met } = await readNewestPages(readPage, () => false, 4);
    expect([cursors.length, met]).toEqual([4, false]);
  });
});

describe('replacePages', () => {
  it('gives each page the cursor by which it was read', () => {
    const pages = [
      { items: [3], nextCursor: 'a' },
      { items: [2], nextCursor: 'b' },
    ];
    expect(replacePages(pages)).toEqual({ pages, pageParams: [null, 'a'] });
  });
});
