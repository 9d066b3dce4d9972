import { useMemo, useSyncExternalStore } from 'react';
import { useParams } from 'wouter';
import { useDrafts } from '../outbox/outbox-context.ts';
import { targetKey } from '../outbox/outbox-item.ts';
import { handleInPath } from '../ui/text.ts';

/** The beginnings of the drafts by conversation, except that of the open one, which changes with each letter. */
export function useOtherDrafts(): ReadonlyMap<string, string> {
  const drafts = useDrafts();
  const { messageGroupUuid, handle } = useParams();
  const open = handle === undefined ? messageGroupUuid : targetKey({ handle: handleInPath(handle) });
  // As a text, which is the same until something changes.
  const shown = useSyncExternalStore(drafts.subscribe, () =>
    JSON.stringify(drafts.beginnings().filter(([key]) => key !== open)),
  );
  return useMemo(() => new Map(JSON.parse(shown) as [string, string][]), [shown]);
}
