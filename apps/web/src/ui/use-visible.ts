import { useSyncExternalStore } from 'react';

/** Whether the page is looked at, as far as the browser can tell. */
export const isVisible = (): boolean => document.visibilityState === 'visible';

function onVisibilityChange(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}

/** Whether the page is looked at. */
export function useVisible(): boolean {
  return useSyncExternalStore(onVisibilityChange, isVisible);
}
