import type { InfiniteData } from '@tanstack/react-query';

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  /** It is from an earlier visit, and not read again yet: see `restored.ts`. */
  isRestored?: true;
}

/** An infinite query's data, newest page first. */
export interface Pages<T> {
  pages: Page<T>[];
}

export interface Dated {
  /** ISO 8601, UTC, with up to six digits of a second. */
  createdAt: string;
  /** First on the first page, however old. */
  isPinned?: boolean;
}

/** Orders two ISO times, to the microsecond. Other strings are ordered as text. */
export function compareTimes(a: string, b: string): number {
  const difference = Date.parse(a) - Date.parse(b);
  if (difference !== 0 && !Number.isNaN(difference)) return difference;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** For infinite queries: each page has the cursor of the next one. */
export const BY_CURSOR = {
  getNextPageParam: ({ nextCursor }: Pick<Page<unknown>, 'nextCursor'>) => nextCursor,
} as const;

/** tRPC begins an infinite query with `undefined`, which its types do not show, and would send `null` to the server as a cursor. */
const FIRST_PAGE = undefined as unknown as null;

/** The data of an infinite query that has only these pages, newest first. */
export function toInfiniteData<P extends Page<unknown>>(pages: P[]): InfiniteData<P, string | null> {
  return { pages, pageParams: pages.map((_, index) => pages[index - 1]?.nextCursor ?? FIRST_PAGE) };
}

/** The time of a page's newest item, in whichever order the page lists them. */
export function newestTime(page: Page<Dated> | undefined): string | undefined {
  return page?.items
    .map(({ createdAt }) => createdAt)
    .sort(compareTimes)
    .at(-1);
}

/**
 * Reads the newest pages down to the last known head, so that there is no gap above it.
 *
 * @param lastKnownHead - the time of the newest item that is known without a gap; all pages are read if there is none
 * @returns the pages, newest first, and whether they reach the head
 */
export async function readHead<P extends Page<Dated>>(
  readPage: (cursor: string | null) => Promise<P>,
  lastKnownHead: string | undefined,
  maxPages: number,
): Promise<{ pages: P[]; isComplete: boolean }> {
  const reaches = ({ items }: P) =>
    lastKnownHead !== undefined &&
    items.some(({ createdAt, isPinned }) => !isPinned && compareTimes(createdAt, lastKnownHead) <= 0);
  const pages: P[] = [];
  let cursor: string | null = null;
  while (pages.length < maxPages) {
    const page = await readPage(cursor);
    pages.push(page);
    if (page.nextCursor === null || reaches(page)) return { pages, isComplete: true };
    cursor = page.nextCursor;
  }
  return { pages, isComplete: false };
}
