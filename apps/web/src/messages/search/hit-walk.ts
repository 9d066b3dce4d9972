import { useEffect, useEffectEvent, useState } from 'react';
import type { useMessageSearch } from '../../search/use-message-search.ts';
import type { FoundMessage } from '../../trpc/types.ts';

/** So many hits before the last one, more are loaded: before the reader arrives there. */
const NEAR = 5;

type Search = Pick<ReturnType<typeof useMessageSearch>, 'hits' | 'hasMore' | 'isFetching' | 'loadMore'>;

/** The hit that is shown. */
interface Current {
  uuid: string;
  /** Its index when it was last stepped to: it may be deleted since. */
  index: number;
}

/** Where the current hit is among the hits, or where it was if it is gone. -1 if there are none. */
export function indexOfHit(hits: readonly FoundMessage[], { uuid, index }: Current): number {
  const found = hits.findIndex(({ message }) => message.uuid === uuid);
  return found === -1 ? Math.min(index, hits.length - 1) : found;
}

/** The index of the next older hit (1) or newer one (-1). Of one that is gone, its neighbours. */
export function stepToHit(hits: readonly FoundMessage[], current: Current, step: 1 | -1): number {
  const found = hits.findIndex(({ message }) => message.uuid === current.uuid);
  if (found !== -1) return found + step;
  return step === 1 ? current.index : current.index - 1;
}

/** Such as `3 of 41`; `3 of 50+` while there are more. */
export const hitPosition = (index: number, { hits, hasMore }: Pick<Search, 'hits' | 'hasMore'>): string =>
  `${index + 1} of ${hits.length}${hasMore ? '+' : ''}`;

/**
 * Walks the hits of a search, which are newest first, beginning with the newest one. Beyond the loaded ones, it waits for more.
 *
 * @param name - of the search: another one begins again
 * @param onHit - called when the reader should see a hit
 */
export function useHitWalk(search: Search, name: string, onHit: (hit: FoundMessage) => void) {
  const { hits, hasMore, isFetching, loadMore } = search;
  const [last, setLast] = useState<Current & { of: string }>();
  const [wanted, setWanted] = useState<number>();
  const current = last?.of === name ? last : undefined;

  const goTo = (index: number) => {
    const hit = hits[index];
    if (hit === undefined) return;
    setWanted(undefined);
    setLast({ uuid: hit.message.uuid, index, of: name });
  };
  if (current === undefined && !isFetching && hits.length > 0) goTo(0);
  // More hits were loaded.
  else if (wanted !== undefined && wanted < hits.length) goTo(wanted);
  const canStep = (step: 1 | -1) => {
    if (current === undefined) return false;
    const index = stepToHit(hits, current, step);
    return index >= 0 && (index < hits.length || hasMore);
  };
  const step = (by: 1 | -1) => {
    if (current === undefined || !canStep(by)) return;
    const index = stepToHit(hits, current, by);
    if (index < hits.length) return goTo(index);
    setWanted(index);
    if (!isFetching) loadMore();
  };

  const onStep = useEffectEvent(() => {
    const hit = hits.find(({ message }) => message.uuid === current?.uuid);
    if (current === undefined || hit === undefined) return;
    onHit(hit);
    if (hasMore && !isFetching && current.index >= hits.length - NEAR) loadMore();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each step, also to the same hit
  useEffect(() => onStep(), [last]);

  return {
    index: current === undefined ? -1 : indexOfHit(hits, current),
    uuid: current?.uuid,
    isWaiting: wanted !== undefined && hasMore,
    canStep,
    step,
  };
}
