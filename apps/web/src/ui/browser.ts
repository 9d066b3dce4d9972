import { useSyncExternalStore } from 'react';

const TOUCH_ONLY = '(any-pointer: coarse) and (not (any-pointer: fine))';

/**
 * Whether the device has a touch screen and neither mouse nor pen, so most likely no hardware keyboard. Firefox without a
 * mouse and virtual machines report no pointer at all, but have a keyboard.
 */
export const isTouchOnly = (): boolean => window.matchMedia?.(TOUCH_ONLY).matches ?? false;

/** The direction of the page, which Radix does not look up. */
export const pageDirection = () => (document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr');

const LAYERS = '[role="dialog"], [role="alertdialog"], [role="menu"], [data-key-holder]';

/** Whether a dialog, a popover or a menu is open above the page, or its code is loading. */
export const hasOpenLayer = (): boolean => document.querySelector(LAYERS) !== null;

/** Calls back when the browser's report of the network changes. Returns an unsubscribe function. */
export function onOnlineChange(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

/** Whether the browser reports a network. */
export function useOnline(): boolean {
  return useSyncExternalStore(onOnlineChange, () => navigator.onLine);
}

export const isVisible = (): boolean => document.visibilityState === 'visible';

function onVisibilityChange(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}

export function useVisible(): boolean {
  return useSyncExternalStore(onVisibilityChange, isVisible);
}
