import { keepPreviousData, skipToken } from '@tanstack/react-query';
import { trpc } from '../trpc/trpc.ts';

const FRESH_MS = 30_000;

/** People by the beginning of a handle or of a name; nothing is asked for a blank query. */
export function useUserSearch(query: string) {
  const text = query.trim();
  return trpc.users.search.useQuery(text === '' ? skipToken : { query: text }, {
    staleTime: FRESH_MS,
    // What was found stays while the next letters are looked up.
    placeholderData: keepPreviousData,
  });
}
