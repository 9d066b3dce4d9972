import type { Query } from '@tanstack/react-query';
import type { Page } from './pages.ts';

/** Whether a list or thread shows an earlier visit's page, until the server has answered. It has that page only. */
export function isRestored(data: unknown): boolean {
  return (data as { pages?: readonly Page<unknown>[] } | undefined)?.pages?.[0]?.isRestored === true;
}

/** A list without restored pages, whose newest item is not the newest that there is. */
export const withoutRestored = <L extends { data: unknown }>(list: L): L =>
  isRestored(list.data) ? { ...list, data: undefined } : list;

/** A list or thread that loads no more pages while it shows a restored one, which is about to be replaced. */
export const loadingLast = <Q extends { data: unknown; isFetchingNextPage: boolean }>(query: Q): Q =>
  isRestored(query.data) ? { ...query, isFetchingNextPage: true } : query;

/** Restored data that are no pages have this time, whenever they were read. */
export const RESTORED_AT = 0;

/** Whether a query shows an earlier visit's data. */
export const showsRestored = ({ data, dataUpdatedAt }: Pick<Query['state'], 'data' | 'dataUpdatedAt'>): boolean =>
  data !== undefined && (dataUpdatedAt === RESTORED_AT || isRestored(data));
