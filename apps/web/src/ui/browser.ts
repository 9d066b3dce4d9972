import { useSyncExternalStore } from 'react';

const TOUCH_ONLY = '(any-pointer: coarse) and (not (any-pointer: fine))';

/**
 * Whether the device has a touch screen and neither a mouse nor a pen, and so most likely no keyboard with keys. Firefox
 * without a mouse and virtual machines report no pointer at all: they do have a keyboard.
 */
export const isTouchOnly = (): boolean => window.matchMedia?.(TOUCH_ONLY).matches ?? false;

function subscribe(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

/** Whether the device has a network at all, as the browser tells. */
export function useOnline(): boolean {
  return useSyncExternalStore(subscribe, () => navigator.onLine);
}

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
