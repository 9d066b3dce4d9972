import { type QueryKey, useQuery } from '@tanstack/react-query';
import { type Dated, newestTime, type Page, type Pages, readHead } from '../cache/pages.ts';
import { withoutRestored } from '../cache/restored.ts';
import { isVisible } from '../ui/browser.ts';
import { useStreamAway } from './stream-away.ts';

/** How often the head is read while the event stream is away, in milliseconds, by the page's visibility. */
export const POLL_MS = { visible: 10_000, hidden: 30_000 } as const;
/** On return to the page, a head that was read longer ago than this is read again, in milliseconds. */
const STALE_ON_RETURN_MS = 30_000;
/** If this many pages do not reach the last known head, they replace what is loaded. */
const MAX_PAGES = 10;

/** A list as `useInfiniteQuery` returns it. */
export interface Loaded<T> {
  data: Pages<T> | undefined;
  dataUpdatedAt: number;
}

interface HeadRefresh<P extends Page<Dated>> {
  queryKey: QueryKey;
  list: Loaded<P['items'][number]>;
  pollsWhileHidden?: boolean;
  readPage: (cursor: string | null, signal: AbortSignal) => Promise<P>;
  /** Adds pages that leave no gap. `since`: when their reading began, by `performance.now()`. */
  addPages: (pages: P[], since: number) => void;
  /** Replaces what is loaded: there may be a gap. */
  replacePages: (pages: P[], since: number) => Promise<void>;
}

/**
 * Reads a loaded list down to the last known head if events may have missed something: when the query is invalidated, on
 * return to the page, and regularly while the event stream is away.
 */
export function useHeadRefresh<P extends Page<Dated>>({ queryKey, list: shown, ...source }: HeadRefresh<P>): void {
  const list = withoutRestored(shown);
  const isStreamAway = useStreamAway();
  const loadedHead = newestTime(list.data?.pages[0]);
  useQuery<string | null>({
    queryKey,
    // Every event moves the head, which nothing renders.
    notifyOnChangeProps: [],
    enabled: list.data !== undefined,
    initialData: loadedHead,
    initialDataUpdatedAt: list.dataUpdatedAt,
    // Events deliver new items. After a gap the query is invalidated.
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: () => isStreamAway && (isVisible() ? POLL_MS.visible : POLL_MS.hidden),
    refetchIntervalInBackground: source.pollsWhileHidden ?? false,
    refetchOnWindowFocus: ({ state }) => (Date.now() - state.dataUpdatedAt > STALE_ON_RETURN_MS ? 'always' : false),
    queryFn: async ({ client, signal }) => {
      const lastKnownHead = client.getQueryData<string | null>(queryKey) ?? loadedHead;
      const since = performance.now();
      const readPage = (cursor: string | null) => source.readPage(cursor, signal);
      const { pages, isComplete } = await readHead(readPage, lastKnownHead, MAX_PAGES);
      if (isComplete) source.addPages(pages, since);
      else await source.replacePages(pages, since);
      return newestTime(pages[0]) ?? null;
    },
  });
}
