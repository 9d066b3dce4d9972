import type { Pages } from './pages.ts';

/** A list as `useInfiniteQuery` has it. */
export interface Loaded<T> {
  data: Pages<T> | undefined;
  dataUpdatedAt: number;
}

/** How often the open thread and the list look for what is new, in milliseconds, while the page is visible. */
export const POLL_MS = { messages: 3_000, messageGroups: 5_000 } as const;

/** How often the list does in a page that is not looked at: its tab tells of what is unread. */
export const HIDDEN_POLL_MS = 20_000;

/** How many newest pages a poll reads, to meet what is loaded, before it puts them in its place. */
export const POLL_MAX_PAGES = 10;
