import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import type { ChangeStore } from './change-store.ts';
import type { Changes } from './changes.ts';
import type { Drafts } from './drafts.ts';
import type { Outbox } from './outbox.ts';
import { itemsFor, type OutboxItem, type Target, targetKey } from './outbox-item.ts';
import type { OutboxStore } from './outbox-store.ts';

export interface OutboxValue {
  outbox: Pick<Outbox, 'enqueue' | 'retry' | 'remove' | 'acknowledge'>;
  store: OutboxStore;
  changes: Pick<Changes, 'react' | 'edit' | 'deleteMessage' | 'undoDelete' | 'retry' | 'discard' | 'acknowledge'>;
  changeStore: ChangeStore;
  drafts: Drafts;
}

export const OutboxContext = createContext<OutboxValue | null>(null);

export function useOutboxValue(): OutboxValue {
  const value = useContext(OutboxContext);
  if (value === null) throw new Error('The outbox is used outside OutboxProvider');
  return value;
}

export const useOutbox = (): OutboxValue['outbox'] => useOutboxValue().outbox;
export const useDrafts = (): Drafts => useOutboxValue().drafts;

export function useOutboxItems(): readonly OutboxItem[] {
  const { store } = useOutboxValue();
  return useSyncExternalStore(store.subscribe, store.items);
}

export function useTargetItems(target: Target): readonly OutboxItem[] {
  const items = useOutboxItems();
  const key = targetKey(target);
  return useMemo(() => itemsFor(items, key), [items, key]);
}
