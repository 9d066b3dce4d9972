import { describe, expect, it } from 'vitest';
import { at, range } from '../testing.ts';
import { compareTimes, type Dated, newestTime, type Page, readHead, toInfiniteData } from './pages.ts';

/** A list of messages, numbered by the minute and newest first, read in pages of ten. */
function source(newest: number) {
  const cursors: (string | null)[] = [];
  const readPage = async (cursor: string | null): Promise<Page<Dated>> => {
    cursors.push(cursor);
    const from = cursor === null ? newest : Number(cursor);
    const items = range(Math.max(1, from - 9), from)
      .toReversed()
      .map((minute) => ({ createdAt: at(minute) }));
    return { items, nextCursor: from > 10 ? String(from - 10) : null };
  };
  return { readPage, cursors };
}

describe('compareTimes', () => {
  it('distinguishes microseconds', () => {
    expect(compareTimes('2026-11-20T08:00:00.123456Z', '2026-11-20T08:00:00.123457Z')).toBeLessThan(0);
  });

  it('compares fractions of different lengths', () => {
    expect(compareTimes('2026-11-20T08:00:00.1Z', '2026-11-20T08:00:00.100Z')).not.toBe(Number.NaN);
    expect(compareTimes('2026-11-20T08:00:00.2Z', '2026-11-20T08:00:00.100Z')).toBeGreaterThan(0);
  });

  it('orders other strings as text', () => {
    expect(compareTimes('never', 'soon')).toBeLessThan(0);
    expect(compareTimes('never', 'never')).toBe(0);
  });
});

describe('newestTime', () => {
  it('is that of the newest item, first or last in the page', () => {
    const items = range(4, 6).map((minute) => ({ createdAt: at(minute) }));
    expect(newestTime({ items, nextCursor: null })).toBe(at(6));
    expect(newestTime({ items: items.toReversed(), nextCursor: null })).toBe(at(6));
    expect(newestTime({ items: [], nextCursor: null })).toBeUndefined();
    expect(newestTime(undefined)).toBeUndefined();
  });
});

describe('readHead', () => {
  it('reads one page if it reaches the last known head', async () => {
    for (const head of [at(100), at(96)]) {
      const { readPage, cursors } = source(105);
      const { pages, isComplete } = await readHead(readPage, head, 10);
      expect([pages.length, isComplete]).toEqual([1, true]);
      expect(cursors).toEqual([null]);
    }
  });

  it('does not take a pinned item, which is first however old, for the head', async () => {
    const { readPage } = source(115);
    const withPinned = async (cursor: string | null) => {
      const page = await readPage(cursor);
      return cursor ? page : { ...page, items: [{ createdAt: at(1), isPinned: true }, ...page.items] };
    };
    expect((await readHead(withPinned, at(100), 10)).pages).toHaveLength(2);
  });

  it('continues until it does, so that no gap is left', async () => {
    const { readPage } = source(135);
    const { pages, isComplete } = await readHead(readPage, at(100), 10);
    expect(isComplete).toBe(true);
    expect(pages.flatMap(({ items }) => items.map(({ createdAt }) => createdAt))).toEqual(
      range(96, 135).toReversed().map(at),
    );
  });

  it('reads past a head that is not in the list: an older item reaches it', async () => {
    const { readPage } = source(105);
    const { pages } = await readHead(readPage, '2026-11-20T09:35:30.000Z', 10);
    expect(pages).toHaveLength(2);
  });

  it('ends at the end of the list, also without a head', async () => {
    const { readPage } = source(25);
    const { pages, isComplete } = await readHead(readPage, undefined, 10);
    expect([pages.length, isComplete]).toEqual([3, true]);
  });

  it('stops at the page limit, and reports that it is incomplete', async () => {
    const { readPage, cursors } = source(500);
    const { isComplete } = await readHead(readPage, at(1), 4);
    expect([cursors.length, isComplete]).toEqual([4, false]);
  });
});

describe('toInfiniteData', () => {
  it('pairs each page with the cursor by which it was read', () => {
    const pages = [
      { items: [3], nextCursor: 'a' },
      { items: [2], nextCursor: 'b' },
    ];
    expect(toInfiniteData(pages)).toEqual({ pages, pageParams: [undefined, 'a'] });
  });
});
