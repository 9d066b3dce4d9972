import { useEffect, useEffectEvent, useState } from 'react';
import { compareTimes } from '../../cache/pages.ts';
import { t } from '../../i18n/t.ts';
import type { useMessageSearch } from '../../search/use-message-search.ts';
import type { FoundMessage } from '../../trpc/types.ts';

/** So many hits before the last one, more are loaded: before the reader arrives there. */
const NEAR = 5;

type Search = Pick<ReturnType<typeof useMessageSearch>, 'hits' | 'hasMore' | 'isFetching' | 'error' | 'loadMore'>;

/** The hit that is shown. It may be gone since. */
type Current = Pick<FoundMessage['message'], 'uuid' | 'createdAt'>;

/** Where the current hit is among the hits, or the next older one if it is gone, or the last one. -1 if there are none. */
export function indexOfHit(hits: readonly FoundMessage[], current: Current): number {
  const found = hits.findIndex(({ message }) => message.uuid === current.uuid);
  return found === -1 ? Math.min(indexOfOlder(hits, current), hits.length - 1) : found;
}

/** The index of the next older hit (1) or newer one (-1). Of one that is gone, its neighbours. */
export function stepToHit(hits: readonly FoundMessage[], current: Current, step: 1 | -1): number {
  const found = hits.findIndex(({ message }) => message.uuid === current.uuid);
  if (found !== -1) return found + step;
  const older = indexOfOlder(hits, current);
  return step === 1 ? older : older - 1;
}

/** The index of the first hit that is older; the number of hits if there is none. */
function indexOfOlder(hits: readonly FoundMessage[], { createdAt }: Current): number {
  const index = hits.findIndex(({ message }) => compareTimes(message.createdAt, createdAt) < 0);
  return index === -1 ? hits.length : index;
}

/** Such as `3 of 41`; `3 of 50+` while there are more. */
export const hitPosition = (index: number, { hits, hasMore }: Pick<Search, 'hits' | 'hasMore'>): string =>
  t(hasMore ? 'thread.search.positionMore' : 'thread.search.position', { index: index + 1, count: hits.length });

/**
 * Walks the hits of a search, which are newest first, beginning with the newest one. Beyond the loaded ones, it waits for more.
 *
 * @param name - of the search: another one begins again
 * @param onHit - called when the reader should see a hit
 */
export function useHitWalk(search: Search, name: string, onHit: (hit: FoundMessage) => void) {
  const { hits, hasMore, isFetching, error, loadMore } = search;
  const [last, setLast] = useState<Current & { of: string }>();
  /** The reader waits for a hit that is older than the loaded ones. */
  const [isWaiting, setIsWaiting] = useState(false);
  const current = last?.of === name ? last : undefined;

  const goTo = (hit: FoundMessage) => {
    const { uuid, createdAt } = hit.message;
    setIsWaiting(false);
    setLast({ uuid, createdAt, of: name });
  };
  const hitAfter = (step: 1 | -1) => current && hits[stepToHit(hits, current, step)];
  const [newest] = hits;
  const older = hitAfter(1);
  if (current === undefined && !isFetching && newest) goTo(newest);
  else if (isWaiting) {
    if (older) goTo(older);
    else if (current === undefined || !hasMore) setIsWaiting(false);
  }
  const canWait = current !== undefined && hasMore;
  const step = (by: 1 | -1) => {
    const hit = hitAfter(by);
    if (hit) return goTo(hit);
    if (by === -1 || !canWait) return;
    setIsWaiting(true);
    if (error !== null) loadMore();
  };

  const onStep = useEffectEvent(() => {
    const index = hits.findIndex(({ message }) => message.uuid === current?.uuid);
    const hit = hits[index];
    if (hit === undefined) return;
    onHit(hit);
    if (hasMore && !isFetching && index >= hits.length - NEAR) loadMore();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each step, also to the same hit
  useEffect(() => onStep(), [last]);

  // A page may have nothing to show: what it found is deleted since.
  const isShort = hasMore && !isFetching && error === null && (isWaiting || hits.length === 0);
  const onShort = useEffectEvent(() => loadMore());
  useEffect(() => {
    if (isShort) onShort();
  }, [isShort]);

  return {
    index: current === undefined ? -1 : indexOfHit(hits, current),
    uuid: current?.uuid,
    isWaiting: isWaiting && error === null,
    canStep: (by: 1 | -1) => hitAfter(by) !== undefined || (by === 1 && canWait),
    step,
  };
}
