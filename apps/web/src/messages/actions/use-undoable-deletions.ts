import { useEffect, useState } from 'react';
import { type DeletionItem, isWaiting } from '../../outbox/change-item.ts';
import { useChangeItems } from '../../outbox/use-message-changes.ts';
import { schedule } from '../../ui/timers.ts';

/** The person's deletions that can still be undone, also those of another tab, or from before a reload. */
export function useUndoableDeletions() {
  const changes = useChangeItems();
  // The clock by which they are sent.
  const [now, setNow] = useState(Date.now);
  const [dismissed, setDismissed] = useState<readonly number[]>([]);
  const items = changes.filter(
    (item): item is DeletionItem =>
      item.kind === 'deletion' &&
      isWaiting(item) &&
      !item.isTried &&
      item.dueAt > now &&
      !dismissed.includes(item.dueAt),
  );
  const next = Math.min(...items.map(({ dueAt }) => dueAt));
  useEffect(() => {
    if (Number.isFinite(next)) return schedule(() => setNow(Date.now()), Math.max(next - Date.now(), 0) + 1);
  }, [next]);
  const dismiss = ({ dueAt }: DeletionItem) => setDismissed((before) => [...before, dueAt]);
  return { items, dismiss };
}
