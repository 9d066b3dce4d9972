import { type QueryKey, skipToken, useQuery } from '@tanstack/react-query';

const NONE: never[] = [];

/**
 * What came to a list since its pages were read. It stands beside the pages, under a key of its own that nothing fetches:
 * an older page that arrives writes back all pages as they were when it was asked for, and would undo edits of them.
 */
export function useRecent<T>(key: QueryKey): readonly T[] {
  const { data } = useQuery<T[]>({
    queryKey: key,
    queryFn: skipToken,
    initialData: NONE,
    gcTime: Number.POSITIVE_INFINITY,
  });
  return data ?? NONE;
}
