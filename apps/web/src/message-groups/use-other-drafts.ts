import { useMemo, useSyncExternalStore } from 'react';
import { useDrafts } from '../outbox/outbox-context.ts';
import { useOpenRow } from './use-row-stop.ts';

/** The beginnings of the drafts by conversation, except that of the open one, which changes with each letter. */
export function useOtherDrafts(): ReadonlyMap<string, string> {
  const drafts = useDrafts();
  const open = useOpenRow();
  // As a text, which is the same until something changes.
  const shown = useSyncExternalStore(drafts.subscribe, () =>
    JSON.stringify(drafts.beginnings().filter(([key]) => key !== open)),
  );
  return useMemo(() => new Map(JSON.parse(shown) as [string, string][]), [shown]);
}
