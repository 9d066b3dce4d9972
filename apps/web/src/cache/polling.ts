import { isVisible } from '../ui/use-visible.ts';
import type { Pages } from './pages.ts';

/** A list as `useInfiniteQuery` has it. */
export interface Loaded<T> {
  data: Pages<T> | undefined;
  dataUpdatedAt: number;
}

/** How often newest pages are read while no events come, in milliseconds: in a page that is looked at, and in others. */
export const POLL_MS = { visible: 10_000, hidden: 30_000 } as const;

/** Newest pages that were read so long ago are read again when one returns to the page, in milliseconds. */
const STALE_ON_RETURN_MS = 30_000;

/** How many newest pages are read, to meet what is loaded, before they take its place. */
export const MAX_NEWEST_PAGES = 10;

/** When newest pages are read by themselves: while the event stream is away, and on return after a while. */
export function newestPageOptions(isStreamAway: boolean) {
  return {
    // What comes meanwhile, events bring; whoever knows of a gap invalidates the query.
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: () => isStreamAway && (isVisible() ? POLL_MS.visible : POLL_MS.hidden),
    refetchOnWindowFocus: ({ state }: { state: { dataUpdatedAt: number } }) =>
      Date.now() - state.dataUpdatedAt > STALE_ON_RETURN_MS ? ('always' as const) : false,
  };
}
