import type { MouseEvent } from 'react';
import { useHistoryEntry } from './page-router.tsx';

interface ListState {
  fromList: true;
}

/** The state of a history entry: whether the previous page is the list. */
export function useListState(): ListState | undefined {
  return useHistoryEntry().pathname === '/messages' ? { fromList: true } : undefined;
}

/**
 * The click handler of a conversation's link to the list. It goes back if the list is the previous page: after a new entry,
 * browser-back on the list would open the conversation again.
 */
export function useBackToList(): (event: MouseEvent) => void {
  const state = useHistoryEntry().state as ListState | null;
  const isFromList = state?.fromList === true;
  return (event) => {
    if (!isFromList) return;
    event.preventDefault();
    window.history.back();
  };
}
