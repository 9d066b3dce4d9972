import { type KeyboardEvent, useEffect, useEffectEvent, useLayoutEffect, useState } from 'react';
import type { Result } from './results.ts';
import type { ListSearch } from './use-list-search.ts';

interface ResultKeysInput {
  search: ListSearch;
  results: readonly Result[];
  /** The first result is one for the text as it is, and may be chosen. */
  isFirstCurrent: boolean;
}

/**
 * The highlighted result, and the keys that move and choose it. Without a move it is the first one. Enter waits for that if it is
 * pressed before the results of this text have arrived.
 */
export function useResultKeys({ search, results, isFirstCurrent }: ResultKeysInput): string | undefined {
  const { query, setShown, listenForKeys } = search;
  const [moved, setMoved] = useState({ query, id: '' });
  const [entered, setEntered] = useState<string | null>(null);
  const [awaited, setAwaited] = useState<{ id: string }>();
  const index = moved.query === query ? results.findIndex(({ id }) => id === moved.id) : -1;
  const first = isFirstCurrent ? results[0]?.id : undefined;
  const activeId = results[index]?.id ?? first;

  const moveTo = (next: number) => {
    const id = results[Math.max(0, Math.min(next, results.length - 1))]?.id;
    if (id === undefined) return;
    setMoved({ query, id });
    document.getElementById(id)?.scrollIntoView({ block: 'nearest' });
  };
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const current = activeId === undefined ? -1 : results.findIndex(({ id }) => id === activeId);
    const moves: Record<string, number | undefined> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      Home: 0,
      End: results.length - 1,
    };
    const next = moves[event.key];
    if (next !== undefined) moveTo(next);
    else if (event.key !== 'Enter') return;
    else if (activeId === undefined) setEntered(query);
    else choose(activeId);
    event.preventDefault();
  });
  useLayoutEffect(() => listenForKeys((event) => onKey(event)), [listenForKeys]);

  const hasResults = results.length > 0;
  useLayoutEffect(() => setShown({ hasResults, activeId }), [setShown, hasResults, activeId]);
  useLayoutEffect(() => () => setShown({ hasResults: false, activeId: undefined }), [setShown]);

  if (entered === query && isFirstCurrent) {
    setEntered(null);
    if (first !== undefined) setAwaited({ id: first });
  }
  useEffect(() => {
    if (awaited) choose(awaited.id);
  }, [awaited]);
  return activeId;
}

/** A result is a link. */
const choose = (id: string) => document.getElementById(id)?.click();
