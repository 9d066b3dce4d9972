import { MAX_AGE_MS } from '../app/prefetch.ts';

/**
 * Data this fresh needs no catching up at the first opening, in milliseconds. The stream begins 10 s back: as much, and
 * what an answer that was asked for ahead may have been old.
 */
const FRESH_MS = 10_000 - MAX_AGE_MS;

/** What to read anew once a stream has told what was missed. */
export type CatchUp =
  | 'nothing'
  /** The list, the open thread, and read markers, which are not told again. */
  | 'what_is_open'
  /** That, and every other thread when it is opened next: there may be gaps. */
  | 'everything';

/** @param dataAge - how long ago the list's newest page was read, in milliseconds */
export function planCatchUp({
  isFirst,
  isComplete,
  dataAge,
}: {
  isFirst: boolean;
  isComplete: boolean;
  dataAge: number;
}): CatchUp {
  if (isFirst && dataAge < FRESH_MS) return 'nothing';
  return isComplete ? 'what_is_open' : 'everything';
}
