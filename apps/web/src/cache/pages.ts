/** One page of a cursored list, as the API answers it. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** The part of an infinite query's data that is read here: the newest page first. */
export interface Pages<T> {
  pages: Page<T>[];
}

/** Orders two ISO times: those of one millisecond by their further digits, and what is no time by its letters. */
export function compareTimes(a: string, b: string): number {
  const difference = Date.parse(a) - Date.parse(b);
  if (difference !== 0 && !Number.isNaN(difference)) return difference;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The data of an infinite query that has only these pages, newest first. */
export function replacePages<P extends Page<unknown>>(fetched: P[]): { pages: P[]; pageParams: (string | null)[] } {
  const pageParams = fetched.map((_, index) => fetched[index - 1]?.nextCursor ?? null);
  return { pages: fetched, pageParams };
}

/**
 * Reads newest pages until they meet what is loaded, so that no gap is left between the two.
 *
 * @param readPage - reads the page at a cursor, the newest at `null`
 * @param meets - whether a page reaches down to what is loaded
 * @param maxPages - where to give up
 * @returns the pages, newest first, and whether they meet what is loaded
 */
export async function readNewestPages<P extends Page<unknown>>(
  readPage: (cursor: string | null) => Promise<P>,
  meets: (page: P) => boolean,
  maxPages: number,
): Promise<{ pages: P[]; met: boolean }> {
  const pages: P[] = [];
  let cursor: string | null = null;
  for (let count = 0; count < maxPages; count++) {
    const page = await readPage(cursor);
    pages.push(page);
    if (page.nextCursor === null || meets(page)) return { pages, met: true };
    cursor = page.nextCursor;
  }
  return { pages, met: false };
}
