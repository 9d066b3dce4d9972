import { type MouseEvent, useCallback } from 'react';
import { useLocation, useNavigate } from 'react-router-dom';

interface ListState {
  fromList: true;
}

/** The state to give a history entry: whether the page before it is the list. */
export function useListState(): ListState | undefined {
  return useLocation().pathname === '/messages' ? { fromList: true } : undefined;
}

/**
 * What a link from a conversation to the list does when it is clicked: if the list is the page before, it goes back there.
 * Otherwise browser-back on the list would open the conversation again.
 */
export function useBackToList(): (event: MouseEvent) => void {
  const navigate = useNavigate();
  const state: unknown = useLocation().state;
  const isFromList = (state as ListState | null)?.fromList === true;
  return useCallback(
    (event) => {
      if (!isFromList || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      void navigate(-1);
    },
    [isFromList, navigate],
  );
}
