import type { MouseEvent } from 'react';
import { useLocation, useNavigate } from 'react-router-dom';

interface ListState {
  fromList: true;
}

/** The state of a history entry: whether the previous page is the list. */
export function useListState(): ListState | undefined {
  return useLocation().pathname === '/messages' ? { fromList: true } : undefined;
}

/**
 * The click handler of a conversation's link to the list. It goes back if the list is the previous page: after a new entry,
 * browser-back on the list would open the conversation again.
 */
export function useBackToList(): (event: MouseEvent) => void {
  const navigate = useNavigate();
  const state: unknown = useLocation().state;
  const isFromList = (state as ListState | null)?.fromList === true;
  return (event) => {
    if (!isFromList || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void navigate(-1);
  };
}
