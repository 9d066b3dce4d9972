import { keepPreviousData, skipToken } from '@tanstack/react-query';
import { trpc } from '../trpc/trpc.ts';

const FRESH_MS = 30_000;

/** People by the beginning of a handle or of a word of a name. Blank text is not looked up. */
export function useUserSearch(text: string) {
  return trpc.users.search.useQuery(text === '' ? skipToken : { query: text }, {
    staleTime: FRESH_MS,
    // Keep the people that were found while the next letters are looked up.
    placeholderData: keepPreviousData,
  });
}
